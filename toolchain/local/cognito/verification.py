"""Check a code that a user typed in."""

from collections.abc import Callable
from dataclasses import dataclass

from toolchain.local.cognito.attempts import Limits
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import CodeMismatchError
from toolchain.local.cognito.store.codes import Codes
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Verification:
    """Raises CodeMismatchError, ExpiredCodeError, or LimitExceededError after too many wrong codes."""

    codes: Codes
    limits: Limits
    clock: Clock

    def check(self, user: User, purpose: str, digits: str) -> str:
        """The address that a right code was sent to; it stays good until it is dropped."""
        return self._guess(self.codes.check, user, purpose, digits)

    def take(self, user: User, purpose: str, digits: str) -> str:
        """As check; the code is used up."""
        return self._guess(self.codes.take, user, purpose, digits)

    def _guess(
        self, read: Callable[[User, str, str, float], str], user: User, purpose: str, digits: str
    ) -> str:
        self.limits.check_guesses(user, purpose)
        try:
            return read(user, purpose, digits, self.clock())
        except CodeMismatchError:
            self.limits.count_guess(user, purpose)
            raise
