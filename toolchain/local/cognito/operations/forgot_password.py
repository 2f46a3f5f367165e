"""ForgotPassword and ConfirmForgotPassword.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.attempts import Lockout
from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.errors import CodeMismatchError, InvalidParameterError, NotAuthorizedError
from toolchain.local.cognito.migration import Migration
from toolchain.local.cognito.operations.hidden_user import enabled_or_hidden, pretended_delivery
from toolchain.local.cognito.passwords import check_password, keep_password
from toolchain.local.cognito.pool import Pool, Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.codes import FORGOT_PASSWORD
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.sign_up import Confirmation, post_confirmation
from toolchain.local.cognito.user import User
from toolchain.local.cognito.verification import Verification

_LEGACY_RECOVERY = ("phone_number", "email")
_NO_ADDRESS = "Cannot reset password for the user as there is no registered/verified email or phone_number"


@dataclass(frozen=True, slots=True)
class ForgotPassword:
    pools: Pools
    users: Users
    migration: Migration
    delivery: Delivery

    def __call__(self, request: Request) -> Document:
        pool, client = self.pools.by_client(request.text("ClientId"))
        name = request.text("Username")
        metadata = request.optional_mapping("ClientMetadata")
        check_secret_hash(client, name, request.optional_text("SecretHash"))
        found = self.users.find(pool, name) or self.migration.migrate(
            pool, client, (name, None), {"clientMetadata": metadata}
        )
        user = enabled_or_hidden(client, found)
        if user is None:
            return pretended_delivery(pool, name)
        sending = Sending("ForgotPassword", recovery_attribute(pool, user), client.id, metadata)
        return {"CodeDeliveryDetails": self.delivery.send_code(pool, user, FORGOT_PASSWORD, sending)}


def recovery_attribute(pool: Pool, user: User) -> str:
    """Where the code goes: a verified address, in the order of the pool's AccountRecoverySetting.

    Raises NotAuthorizedError or InvalidParameterError for users who can't recover a password.
    """
    if user.status == "FORCE_CHANGE_PASSWORD":
        raise NotAuthorizedError("User password cannot be reset in the current state.")
    setting = pool.settings.get("AccountRecoverySetting") or {}
    mechanisms = sorted(setting.get("RecoveryMechanisms") or (), key=lambda item: int(item["Priority"]))
    if [mechanism["Name"] for mechanism in mechanisms] == ["admin_only"]:
        raise NotAuthorizedError("Contact administrator to reset password.")
    names = [mechanism["Name"].removeprefix("verified_") for mechanism in mechanisms]
    for attribute in names or _LEGACY_RECOVERY:
        if user.is_verified(attribute) and user.attributes.get(attribute):
            return attribute
    raise InvalidParameterError(_NO_ADDRESS)


@dataclass(frozen=True, slots=True)
class ConfirmForgotPassword:
    pools: Pools
    users: Users
    verification: Verification
    lockout: Lockout
    triggers: Triggers
    clock: Clock

    def __call__(self, request: Request) -> Document:
        pool, client = self.pools.by_client(request.text("ClientId"))
        name, code = request.text("Username"), request.text("ConfirmationCode")
        password = request.text("Password")
        check_secret_hash(client, name, request.optional_text("SecretHash"))
        user = enabled_or_hidden(client, self.users.find(pool, name))
        if user is None:
            raise CodeMismatchError
        check_password(pool, password)
        self.verification.take(user, FORGOT_PASSWORD, code)
        user = self._change(pool, user, password)
        event = Confirmation("ConfirmForgotPassword", client.id)
        post_confirmation(self.triggers, pool, user, event, request.optional_mapping("ClientMetadata"))
        return {}

    def _change(self, pool: Pool, user: User, password: str) -> User:
        kept = keep_password(pool, user.username, password)
        self.lockout.succeed(user)
        return self.users.update(
            pool, user.username, lambda user: user.with_password(kept, "CONFIRMED", self.clock())
        )
