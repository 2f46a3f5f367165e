"""SOFTWARE_TOKEN_MFA and MFA_SETUP: a code from an authenticator app."""

from dataclasses import dataclass, replace

from toolchain.local.cognito.attempts import Lockout
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import CodeMismatchError, ExpiredCodeError, NotAuthorizedError
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.answering import Answering
from toolchain.local.cognito.sign_in.completion import MFA_SETUP, SOFTWARE_TOKEN_MFA, Completion
from toolchain.local.cognito.sign_in.steps import Answer, Attempt
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.totp import is_used, matching_step
from toolchain.local.cognito.user import User

_TRIES = 5


@dataclass(frozen=True, slots=True)
class SoftwareTokenMfa:
    answering: Answering
    users: Users
    lockout: Lockout
    completion: Completion
    clock: Clock

    def answer(self, answer: Answer) -> Document:
        tokens = self.completion.finish(self.settle(answer))
        return {"ChallengeParameters": {}, "AuthenticationResult": tokens.result()}

    def settle(self, answer: Answer) -> Attempt:
        """The attempt, now proven. A wrong code may be corrected in the same session, a few times."""
        code = answer.response("SOFTWARE_TOKEN_MFA_CODE")
        attempt, pending = self.answering.take(answer, SOFTWARE_TOKEN_MFA)
        try:
            self.lockout.check(attempt.user)
            user = self._use(attempt, code)
        except (CodeMismatchError, ExpiredCodeError):
            self.lockout.fail(attempt.user)
            if pending.failures + 1 < _TRIES:
                again = replace(pending, failures=pending.failures + 1)
                self.answering.sessions.put(again, answer.client.session_seconds, answer.session)
            raise
        return replace(attempt, user=user)

    def _use(self, attempt: Attempt, code: str) -> User:
        """Check the code and remember its time step, in one transaction: each code is good once."""
        now = self.clock()

        def change(user: User) -> User:
            token = user.software_token
            if token is None:
                raise NotAuthorizedError("Invalid session for the user.")
            step = matching_step(token.secret, code, now)
            if step is None:
                raise CodeMismatchError("Invalid code received for user")
            if is_used(step, token.last_step, now):
                raise ExpiredCodeError("Your software token has already been used once.")
            return replace(user, software_token=replace(token, last_step=step))

        return self.users.update(attempt.pool, attempt.user.username, change)


@dataclass(frozen=True, slots=True)
class MfaSetup:
    """MFA_SETUP: answered with the session of VerifySoftwareToken."""

    answering: Answering
    users: Users
    completion: Completion

    def answer(self, answer: Answer) -> Document:
        tokens = self.completion.finish(self.settle(answer))
        return {"ChallengeParameters": {}, "AuthenticationResult": tokens.result()}

    def settle(self, answer: Answer) -> Attempt:
        """The attempt of a user who asks for codes of the app from now on."""
        attempt, pending = self.answering.take(answer, MFA_SETUP)
        token = attempt.user.software_token
        if not pending.state.get("is_verified") or token is None or not token.is_verified:
            raise NotAuthorizedError("Invalid session for the user.")
        user = self.users.update(
            attempt.pool,
            attempt.user.username,
            lambda user: replace(user, uses_software_token=True, prefers_software_token=True),
        )
        return replace(attempt, user=user)
