"""AdminSetUserPassword and AdminResetUserPassword.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserPassword.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminResetUserPassword.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.attempts import Lockout
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.errors import NotAuthorizedError
from toolchain.local.cognito.operations.admin_users import NamedUser
from toolchain.local.cognito.operations.forgot_password import recovery_attribute
from toolchain.local.cognito.passwords import check_password, keep_password
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.codes import FORGOT_PASSWORD
from toolchain.local.cognito.store.sign_ins import SignIns
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.user import Status


@dataclass(frozen=True, slots=True)
class AdminSetUserPassword:
    named: NamedUser
    users: Users
    lockout: Lockout
    clock: Clock

    def __call__(self, request: Request) -> Document:
        """Permanent: the user is confirmed. Otherwise the next sign-in asks for another one."""
        pool, user = self.named.find(request)
        password = request.text("Password")
        check_password(pool, password)
        kept = keep_password(pool, user.username, password)
        status = _status(request)
        now = self.clock()
        self.users.update(pool, user.username, lambda user: user.with_password(kept, status, now))
        self.lockout.succeed(user)
        return {}


@dataclass(frozen=True, slots=True)
class AdminResetUserPassword:
    named: NamedUser
    users: Users
    sign_ins: SignIns
    delivery: Delivery
    clock: Clock

    def __call__(self, request: Request) -> Document:
        """The password no longer works; the user gets a code for ConfirmForgotPassword."""
        pool, user = self.named.find(request)
        if not user.is_enabled:
            raise NotAuthorizedError("User is disabled")
        if user.status not in ("CONFIRMED", "RESET_REQUIRED"):
            raise NotAuthorizedError("User password cannot be reset in the current state.")
        attribute = recovery_attribute(pool, user)
        now = self.clock()
        user = self.users.update(pool, user.username, lambda user: user.with_status("RESET_REQUIRED", now))
        self.sign_ins.revoke_all(user)
        metadata = request.optional_mapping("ClientMetadata")
        sending = Sending("ForgotPassword", attribute, None, metadata)
        self.delivery.send_code(pool, user, FORGOT_PASSWORD, sending)
        return {}


def _status(request: Request) -> Status:
    return "CONFIRMED" if request.flag("Permanent") else "FORCE_CHANGE_PASSWORD"
