"""AssociateSoftwareToken, VerifySoftwareToken: tie an authenticator app to a user.

By users who are signed in, or in the middle of a sign-in that asks for it (MFA_SETUP).
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
"""

from dataclasses import dataclass, replace

from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import (
    CodeMismatchError,
    EnableSoftwareTokenMfaError,
    InvalidParameterError,
    NotAuthorizedError,
    SoftwareTokenMfaNotFoundError,
)
from toolchain.local.cognito.pool import Pool, Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.sign_in.completion import MFA_SETUP
from toolchain.local.cognito.sign_in.steps import Pending, Sessions
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.reading import AccessTokens
from toolchain.local.cognito.totp import is_used, make_secret, matching_step
from toolchain.local.cognito.user import SoftwareToken, User

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose app it is. `pending` is the challenge of a sign-in that waits for it."""

    pool: Pool
    username: str
    pending: Pending | None = None


@dataclass(frozen=True, slots=True)
class Owners:
    """Find the owner by AccessToken, or by Session, which is then used up."""

    tokens: AccessTokens
    pools: Pools
    sessions: Sessions

    def find(self, request: Request) -> Owner:
        token, session = request.optional_text("AccessToken"), request.optional_text("Session")
        if (token is None) == (session is None):
            raise InvalidParameterError("Use either AccessToken or Session")
        if token is not None:
            bearer = self.tokens.read(token)
            return Owner(bearer.pool, bearer.user.username)
        pending = self.sessions.take(session or "")
        if pending is None or pending.challenge != MFA_SETUP:
            raise NotAuthorizedError("Invalid session for the user.")
        return Owner(self.pools.by_id(pending.pool_id), pending.user, pending)

    def reopen(self, owner: Owner, session: str | None = None) -> Document:
        """The Session that the sign-in goes on with, as a member of the answer."""
        if owner.pending is None:
            return {}
        client = owner.pool.clients[owner.pending.client_id]
        return {"Session": self.sessions.put(owner.pending, client.session_seconds, session)}


@dataclass(frozen=True, slots=True)
class AssociateSoftwareToken:
    owners: Owners
    users: Users

    def __call__(self, request: Request) -> Document:
        """A new secret; a code from it has to be shown before it counts."""
        owner = self.owners.find(request)
        if not owner.pool.allows_software_tokens:
            raise SoftwareTokenMfaNotFoundError("Software Token MFA has not been enabled by the userPool")
        secret = make_secret()

        def change(user: User) -> User:
            unused = replace(user, uses_software_token=False, prefers_software_token=False)
            return replace(unused, software_token=SoftwareToken(secret))

        self.users.update(owner.pool, owner.username, change)
        return {"SecretCode": secret, **self.owners.reopen(owner)}


@dataclass(frozen=True, slots=True)
class VerifySoftwareToken:
    owners: Owners
    users: Users
    clock: Clock

    def __call__(self, request: Request) -> Document:
        code = request.text("UserCode")
        name = request.optional_text("FriendlyDeviceName") or ""
        owner = self.owners.find(request)
        try:
            self._verify(owner, code, name)
        except CodeMismatchError as error:
            self._allow_another_try(owner, request.optional_text("Session"))
            raise EnableSoftwareTokenMfaError("Code mismatch") from error
        verified = owner.pending and replace(owner.pending, state={"is_verified": True})
        return {"Status": "SUCCESS", **self.owners.reopen(replace(owner, pending=verified))}

    def _verify(self, owner: Owner, code: str, name: str) -> None:
        now = self.clock()

        def change(user: User) -> User:
            token = user.software_token
            if token is None:
                raise SoftwareTokenMfaNotFoundError("No software token is associated with the user")
            step = matching_step(token.secret, code, now)
            if step is None or is_used(step, token.last_step, now):
                raise CodeMismatchError
            return replace(
                user, software_token=SoftwareToken(token.secret, is_verified=True, name=name, last_step=step)
            )

        self.users.update(owner.pool, owner.username, change)

    def _allow_another_try(self, owner: Owner, session: str | None) -> None:
        if owner.pending and owner.pending.failures + 1 < _TRIES:
            again = replace(owner.pending, failures=owner.pending.failures + 1)
            self.owners.reopen(replace(owner, pending=again), session)
