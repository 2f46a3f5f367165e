"""ChangePassword: by a user who is signed in.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ChangePassword.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.attempts import Limits
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import NotAuthorizedError
from toolchain.local.cognito.passwords import check_password, keep_password
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.sign_in.password import is_right_password
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.reading import AccessTokens

_PURPOSE = "change_password"


@dataclass(frozen=True, slots=True)
class ChangePassword:
    tokens: AccessTokens
    users: Users
    limits: Limits
    clock: Clock

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        password, pool, user = request.text("ProposedPassword"), bearer.pool, bearer.user
        check_password(pool, password)
        if user.password is not None:
            self.limits.check_guesses(user, _PURPOSE)
            if not is_right_password(pool, user, request.optional_text("PreviousPassword") or ""):
                self.limits.count_guess(user, _PURPOSE)
                raise NotAuthorizedError
        kept = keep_password(pool, user.username, password)
        now = self.clock()
        self.users.update(pool, user.username, lambda user: user.with_password(kept, "CONFIRMED", now))
        return {}
