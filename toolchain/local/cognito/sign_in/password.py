"""USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH: the password itself is sent."""

import secrets
from dataclasses import dataclass

from toolchain.local.cognito import srp
from toolchain.local.cognito.attempts import Lockout
from toolchain.local.cognito.errors import NotAuthorizedError
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.admission import Admission
from toolchain.local.cognito.sign_in.completion import Completion
from toolchain.local.cognito.sign_in.steps import Attempt, Start
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    admission: Admission
    lockout: Lockout

    def check(self, start: Start) -> User:
        """The user who sent the right password; raises NotAuthorizedError and what admission does."""
        password = start.parameter("PASSWORD")
        user = self.admission.admit(start, password)
        if user is None or not is_right_password(start.pool, user, password):
            if user is None:
                # Nobody's password takes as long to refuse as somebody's.
                srp.make_verifier(srp.Identity(start.pool.short_name, ""), password, 1)
            else:
                self.lockout.fail(user)
            raise NotAuthorizedError
        return user


@dataclass(frozen=True, slots=True)
class PasswordFlow:
    password: PasswordCheck
    completion: Completion

    def start(self, start: Start) -> Document:
        user = self.password.check(start)
        return self.completion.proceed(Attempt(start.pool, start.client, user))


def is_right_password(pool: Pool, user: User, password: str) -> bool:
    """Whether it is the user's; False for users who have none."""
    identity = srp.Identity(pool.short_name, user.username)
    kept = user.password or srp.Verifier(1, secrets.randbits(256))
    return srp.is_password(identity, password, kept) and user.password is not None
