"""The secret of app clients that have one: requests are signed with it."""

import base64
import hmac

from toolchain.local.cognito.errors import NotAuthorizedError
from toolchain.local.cognito.pool import Client


def check_secret_hash(client: Client, username: str, given: str | None) -> None:
    """Raise NotAuthorizedError unless SECRET_HASH is HMAC(secret, username + client id).

    https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash
    """
    if client.secret is None:
        if given is not None:
            raise NotAuthorizedError(
                f"Client {client.id} is not configured for secret but secret hash was received"
            )
        return
    if given is None:
        raise NotAuthorizedError(
            f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    expected = hmac.digest(client.secret.encode(), f"{username}{client.id}".encode(), "sha256")
    if not hmac.compare_digest(base64.b64encode(expected), given.encode(errors="replace")):
        raise NotAuthorizedError(f"Unable to verify secret hash for client {client.id}")


def is_secret(client: Client, given: str | None) -> bool:
    """Whether a client showed its secret, or has none to show."""
    if client.secret is None:
        return given is None
    return given is not None and hmac.compare_digest(client.secret.encode(), given.encode(errors="replace"))
