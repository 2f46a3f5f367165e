"""NEW_PASSWORD_REQUIRED: users that an administrator made choose a password at the first sign-in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolchain.local.cognito.attributes import check_changed_attributes, check_may_write
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import CognitoError, InvalidParameterError, NotAuthorizedError
from toolchain.local.cognito.passwords import check_password, keep_password
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.answering import Answering
from toolchain.local.cognito.sign_in.completion import NEW_PASSWORD_REQUIRED, Completion
from toolchain.local.cognito.sign_in.steps import Answer, Attempt
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.user import User

_PREFIX = "userAttributes."


@dataclass(frozen=True, slots=True)
class NewPassword:
    answering: Answering
    users: Users
    completion: Completion
    clock: Clock

    def answer(self, answer: Answer) -> Document:
        attempt = self.settle(answer)
        challenge = self.completion.second_factor(attempt)
        return challenge or self.completion.proceed(attempt)

    def settle(self, answer: Answer) -> Attempt:
        """The attempt that goes on, with the password set."""
        password = answer.response("NEW_PASSWORD")
        given = _attributes(answer.responses)
        attempt, pending = self.answering.take(answer, NEW_PASSWORD_REQUIRED)
        try:
            check_password(answer.pool, password)
            self._check_attributes(attempt, given)
        except CognitoError:
            # Nothing has happened yet: the user may try another password in the same session.
            self.answering.sessions.put(pending, answer.client.session_seconds, answer.session)
            raise
        user = self._change(attempt, password, given)
        return replace(attempt, user=user, source="NewPasswordChallenge")

    def _change(self, attempt: Attempt, password: str, given: Mapping[str, str]) -> User:
        now = self.clock()
        kept = keep_password(attempt.pool, attempt.user.username, password)

        def change(user: User) -> User:
            if user.status != "FORCE_CHANGE_PASSWORD":
                raise NotAuthorizedError("Invalid session for the user.")
            return user.with_attributes(given, now).with_password(kept, "CONFIRMED", now)

        return self.users.update(attempt.pool, attempt.user.username, change)

    def _check_attributes(self, attempt: Attempt, given: Mapping[str, str]) -> None:
        check_may_write(attempt.client, given)
        check_changed_attributes(attempt.pool, given)
        for name, attribute in attempt.pool.schema.items():
            if attribute.is_required and not given.get(name) and name not in attempt.user.attributes:
                raise InvalidParameterError(f"Invalid attributes given, {name} is missing")


def _attributes(responses: Mapping[str, str]) -> dict[str, str]:
    return {
        name.removeprefix(_PREFIX): value for name, value in responses.items() if name.startswith(_PREFIX)
    }
