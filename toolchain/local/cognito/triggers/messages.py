"""CustomMessage: the text of a message.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
"""

from dataclasses import dataclass

from toolchain.events.occasions import Occasion
from toolchain.local.cognito.errors import NotSupportedLocallyError
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.triggers.attributes import metadata, user_attributes
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.cognito.user import User

CODE = "{####}"
USERNAME = "{username}"


@dataclass(frozen=True, slots=True)
class CustomText:
    """What the function wants to be sent; None leaves the pool's own text."""

    sms: str | None = None
    email: str | None = None
    subject: str | None = None


def custom_message(
    triggers: Triggers,
    pool: Pool,
    user: User,
    event: tuple[Occasion, str | None],
    client_metadata: dict[str, str] | None,
) -> CustomText:
    """Ask for the text of a message; `event` is the occasion, and the client that asked for it."""
    for sender in ("CustomEmailSender", "CustomSMSSender"):
        if pool.triggers.get(sender):
            raise NotSupportedLocallyError(
                f"the trigger {sender} is not supported locally: its code is encrypted with the AWS"
                " Encryption SDK; remove the trigger for local use, and read codes in the inbox"
            )
    occasion, client_id = event
    response = triggers.fire(
        Call(
            pool=pool,
            trigger="CustomMessage",
            source=f"CustomMessage_{occasion}",
            username=user.username,
            client_id=client_id,
            request={
                "userAttributes": user_attributes(user),
                "codeParameter": CODE,
                "linkParameter": "{##Click Here##}",
                "usernameParameter": USERNAME if occasion == "AdminCreateUser" else None,
                **metadata(client_metadata),
            },
            response={"smsMessage": None, "emailMessage": None, "emailSubject": None},
        )
    )
    if response is None:
        return CustomText()
    return CustomText(response.get("smsMessage"), response.get("emailMessage"), response.get("emailSubject"))
