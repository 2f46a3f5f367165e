"""AdminCreateUser.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.errors import (
    InvalidParameterError,
    UnsupportedUserStateError,
    UsernameExistsError,
)
from toolchain.local.cognito.passwords import check_password, keep_password, temporary_password
from toolchain.local.cognito.pool import Pool, Pools
from toolchain.local.cognito.registration import new_user
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.sign_up import pre_sign_up
from toolchain.local.cognito.user import User, describe

_MEDIUMS = {"EMAIL": "email", "SMS": "phone_number"}


@dataclass(frozen=True, slots=True)
class AdminCreateUser:
    pools: Pools
    users: Users
    triggers: Triggers
    delivery: Delivery
    clock: Clock

    def __call__(self, request: Request) -> Document:
        pool = self.pools.by_id(request.text("UserPoolId"))
        name = request.text("Username")
        password = request.optional_text("TemporaryPassword") or temporary_password(pool)
        check_password(pool, password)
        if request.optional_text("MessageAction") == "RESEND":
            user = self._renew(pool, name, password)
        else:
            user = self._create(request, pool, password)
        if request.optional_text("MessageAction") != "SUPPRESS":
            self._invite(request, pool, user, password)
        return {"User": describe(user)}

    def _create(self, request: Request, pool: Pool, password: str) -> User:
        name, attributes = request.text("Username"), request.attributes("UserAttributes")
        user = new_user(pool, name, attributes, "FORCE_CHANGE_PASSWORD", self.clock())
        if self.users.find(pool, name):
            raise UsernameExistsError("User account already exists")
        extra = {
            "validationData": request.attributes("ValidationData") or None,
            "clientMetadata": request.optional_mapping("ClientMetadata"),
        }
        pre_sign_up(self.triggers, pool, user, None, extra)
        kept = keep_password(pool, user.username, password)
        user = user.with_password(kept, "FORCE_CHANGE_PASSWORD", self.clock())
        self.users.add(pool, user, takes_aliases=request.flag("ForceAliasCreation"))
        return user

    def _renew(self, pool: Pool, name: str, password: str) -> User:
        """RESEND: another temporary password, which lives as long as the first did."""
        user = self.users.get(pool, name)
        kept = keep_password(pool, user.username, password)

        def change(user: User) -> User:
            if user.status != "FORCE_CHANGE_PASSWORD":
                raise UnsupportedUserStateError(
                    f"Resend not possible. {user.username} status is not FORCE_CHANGE_PASSWORD"
                )
            return user.with_password(kept, user.status, self.clock())

        return self.users.update(pool, user.username, change)

    def _invite(self, request: Request, pool: Pool, user: User, password: str) -> None:
        mediums = (
            request.texts("DesiredDeliveryMediums") if "DesiredDeliveryMediums" in request.members else []
        )
        metadata = request.optional_mapping("ClientMetadata")
        unknown = [medium for medium in mediums if medium not in _MEDIUMS]
        if unknown:
            raise InvalidParameterError(f"DesiredDeliveryMediums is {', '.join(unknown)}; use EMAIL, SMS")
        for attribute in [_MEDIUMS[medium] for medium in mediums] or _reachable(user):
            if attribute in user.attributes:
                sending = Sending("AdminCreateUser", attribute, None, metadata)
                self.delivery.invite(pool, user, password, sending)


def _reachable(user: User) -> list[str]:
    """SMS is AWS's default; here, an e-mail does where there is no number."""
    return [name for name in ("phone_number", "email") if name in user.attributes][:1]
