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
    expected = secret_hash(client.secret, client.id, username)
    if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        raise NotAuthorizedError(f"Unable to verify secret hash for client {client.id}")


def secret_hash(secret: str, client_id: str, username: str) -> str:
    """What a client that has a secret signs its requests for a user with."""
    digest = hmac.digest(secret.encode(), f"{username}{client_id}".encode(errors="replace"), "sha256")
    return base64.b64encode(digest).decode()


def is_secret(client: Client, given: str | None) -> bool:
    """Whether a client showed its secret, or has none to show."""
    if client.secret is None:
        return given is None
    return given is not None and hmac.compare_digest(client.secret.encode(), given.encode(errors="replace"))
