"""PreAuthentication and PostAuthentication.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-authentication.html
"""

from toolchain.local.cognito.pool import Client, Pool
from toolchain.local.cognito.triggers.attributes import metadata, user_attributes
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.cognito.user import User


def pre_authentication(
    triggers: Triggers,
    pool: Pool,
    client: Client,
    who: User | str,
    validation_data: dict[str, str] | None,
) -> None:
    """Ask whether a user may try to sign in; `who` is a name if nobody has it.

    The client's metadata is the event's validationData. `userNotFound` is told only where the client hides
    from others which users exist.
    """
    known = isinstance(who, User)
    triggers.fire(
        Call(
            pool=pool,
            trigger="PreAuthentication",
            source="PreAuthentication_Authentication",
            username=who.username if isinstance(who, User) else who,
            client_id=client.id,
            request={
                "userAttributes": user_attributes(who) if isinstance(who, User) else {},
                "validationData": validation_data or {},
                **({"userNotFound": not known} if client.hides_users else {}),
            },
            response={},
        )
    )


def post_authentication(
    triggers: Triggers, pool: Pool, client: Client, user: User, client_metadata: dict[str, str] | None
) -> None:
    """Say that a user has signed in; devices are not remembered, so none is new."""
    triggers.fire(
        Call(
            pool=pool,
            trigger="PostAuthentication",
            source="PostAuthentication_Authentication",
            username=user.username,
            client_id=client.id,
            request={
                "userAttributes": user_attributes(user),
                "newDeviceUsed": False,
                **metadata(client_metadata),
            },
            response={},
        )
    )
