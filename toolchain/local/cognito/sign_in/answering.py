"""Find out whom a challenge was put to, and that it is the same user who answers."""

from dataclasses import dataclass

from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.errors import NotAuthorizedError
from toolchain.local.cognito.sign_in.steps import Answer, Attempt, Pending, Sessions, take_session
from toolchain.local.cognito.store.users import Users


@dataclass(frozen=True, slots=True)
class Answering:
    users: Users
    sessions: Sessions

    def take(self, answer: Answer, challenge: str) -> tuple[Attempt, Pending]:
        """The attempt to sign in that goes on; raises NotAuthorizedError for the session of another."""
        name = answer.response("USERNAME")
        check_secret_hash(answer.client, name, answer.responses.get("SECRET_HASH"))
        pending = take_session(self.sessions, answer, challenge)
        user = self.users.find(answer.pool, name)
        if user is None or user.username != pending.user:
            raise NotAuthorizedError("Invalid session for the user.")
        if not user.is_enabled:
            raise NotAuthorizedError("User is disabled.")
        metadata = answer.client_metadata
        return Attempt(answer.pool, answer.client, user, pending.source, metadata), pending
