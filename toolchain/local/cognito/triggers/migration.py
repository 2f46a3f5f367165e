"""UserMigration: bring a user over from elsewhere, at the first sign-in or when the password is forgotten.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-migrate-user.html
AWS sends a welcome message unless messageAction is SUPPRESS. None is sent here, so that it and
desiredDeliveryMediums change nothing: what the message has in place of a password is not documented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from toolchain.local.cognito.errors import CognitoError, NotSupportedLocallyError, UserNotFoundError
from toolchain.local.cognito.pool import Client, Pool
from toolchain.local.cognito.triggers.attributes import metadata
from toolchain.local.cognito.triggers.calling import Call, Triggers


@dataclass(frozen=True, slots=True)
class Migrated:
    """The user the function found elsewhere."""

    attributes: Mapping[str, str]
    status: Literal["CONFIRMED", "RESET_REQUIRED"]
    takes_aliases: bool


def migrate(
    triggers: Triggers,
    pool: Pool,
    client: Client,
    login: tuple[str, str | None],
    extra: dict[str, dict[str, str] | None],
) -> Migrated | None:
    """Ask whether somebody is known elsewhere; `login` is the name and, at a sign-in, the password.

    None if there is no such trigger, or it knows nobody. A function that fails reads as UserNotFoundError.
    """
    name, password = login
    occasion = "ForgotPassword" if password is None else "Authentication"
    try:
        response = triggers.fire(
            Call(
                pool=pool,
                trigger="UserMigration",
                source=f"UserMigration_{occasion}",
                username=name,
                client_id=client.id,
                request={
                    **({} if password is None else {"password": password}),
                    "validationData": extra.get("validationData"),
                    **metadata(extra.get("clientMetadata")),
                },
                response={
                    "userAttributes": None,
                    "forceAliasCreation": None,
                    "enableSMSMFA": None,
                    "finalUserStatus": None,
                    "messageAction": None,
                    "desiredDeliveryMediums": None,
                },
            )
        )
    except NotSupportedLocallyError:
        raise
    except CognitoError as error:
        raise UserNotFoundError(f"Exception migrating user in app client {client.id}") from error
    return _parse(response) if response and response.get("userAttributes") else None


def _parse(response: dict[str, Any]) -> Migrated:
    if response.get("enableSMSMFA"):
        raise NotSupportedLocallyError("UserMigration's enableSMSMFA is not supported locally; use false")
    attributes = {name: str(value) for name, value in response["userAttributes"].items()}
    attributes.pop("username", None)
    return Migrated(
        attributes=attributes,
        status="CONFIRMED" if response.get("finalUserStatus") == "CONFIRMED" else "RESET_REQUIRED",
        takes_aliases=bool(response.get("forceAliasCreation")),
    )
