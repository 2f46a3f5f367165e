"""What a client is told that must not learn which users exist.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
"""

from toolchain.local.cognito.attributes import is_email
from toolchain.local.cognito.delivery import delivery_details
from toolchain.local.cognito.errors import NotAuthorizedError, UserNotFoundError
from toolchain.local.cognito.pool import Client, Pool
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.user import User


def enabled_or_hidden(client: Client, user: User | None) -> User | None:
    """The user, if there is one who is enabled; None where the client must not learn that there is none.

    Raises UserNotFoundError, or NotAuthorizedError for one who is disabled, where it may.
    """
    if user is not None and user.is_enabled:
        return user
    if client.hides_users:
        return None
    if user is None:
        raise UserNotFoundError("Username/client id combination not found.")
    raise NotAuthorizedError("User is disabled.")


def pretended_delivery(pool: Pool, name: str) -> Document:
    """CodeDeliveryDetails as for a user who exists: the same at every request."""
    address = name if is_email(name) else f"{name[:1]}@{pool.short_name[:1]}"
    return {"CodeDeliveryDetails": delivery_details("email", address)}
