"""SignUp.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
"""

from dataclasses import dataclass, replace

from toolchain.local.cognito.attributes import check_may_write
from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.errors import NotAuthorizedError, UsernameExistsError
from toolchain.local.cognito.passwords import check_password, keep_password
from toolchain.local.cognito.pool import Client, Pool, Pools
from toolchain.local.cognito.registration import new_user
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.codes import SIGN_UP
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.sign_up import (
    Confirmation,
    PreSignUpAnswer,
    post_confirmation,
    pre_sign_up,
)
from toolchain.local.cognito.user import VERIFIABLE, User


@dataclass(frozen=True, slots=True)
class SignUp:
    pools: Pools
    users: Users
    triggers: Triggers
    delivery: Delivery
    clock: Clock

    def __call__(self, request: Request) -> Document:
        """The user is on disk before PostConfirmation is called, and before a code is sent."""
        pool, client = self.pools.by_client(request.text("ClientId"))
        user = self._check(request, pool, client)
        extra = {
            "validationData": request.attributes("ValidationData") or None,
            "clientMetadata": request.optional_mapping("ClientMetadata"),
        }
        answer = pre_sign_up(self.triggers, pool, user, client.id, extra)
        user = _apply(answer, user, self.clock())
        self.users.add(pool, user)
        if answer.confirms:
            event = Confirmation("ConfirmSignUp", client.id)
            post_confirmation(self.triggers, pool, user, event, extra["clientMetadata"])
            return {"UserConfirmed": True, "UserSub": user.sub}
        return {"UserConfirmed": False, "UserSub": user.sub, **self._send_code(request, pool, client, user)}

    def _check(self, request: Request, pool: Pool, client: Client) -> User:
        """The user who would be made, with the password."""
        name, password = request.text("Username"), request.text("Password")
        attributes = request.attributes("UserAttributes")
        check_secret_hash(client, name, request.optional_text("SecretHash"))
        if pool.only_administrators_create_users:
            raise NotAuthorizedError("SignUp is not permitted for this user pool")
        check_may_write(client, attributes)
        user = new_user(pool, name, attributes, "UNCONFIRMED", self.clock())
        check_password(pool, password)
        if self.users.find(pool, name):
            raise _exists(pool)
        return user.with_password(keep_password(pool, user.username, password), "UNCONFIRMED", self.clock())

    def _send_code(self, request: Request, pool: Pool, client: Client, user: User) -> Document:
        attribute = code_attribute(pool, user)
        if attribute is None:
            return {}
        metadata = request.optional_mapping("ClientMetadata")
        sending = Sending("SignUp", attribute, client.id, metadata)
        return {"CodeDeliveryDetails": self.delivery.send_code(pool, user, SIGN_UP, sending)}


def code_attribute(pool: Pool, user: User) -> str | None:
    """Where the sign-up code goes: the number before the e-mail, if the pool verifies both."""
    for attribute in reversed(VERIFIABLE):
        if attribute in pool.auto_verified_attributes and attribute in user.attributes:
            return attribute
    return None


def _apply(answer: PreSignUpAnswer, user: User, now: float) -> User:
    verified = {"email": answer.verifies_email, "phone_number": answer.verifies_phone}
    changes = {
        f"{name}_verified": "true" for name, wanted in verified.items() if wanted and name in user.attributes
    }
    confirmed = user.with_attributes(changes, now)
    return replace(confirmed, status="CONFIRMED") if answer.confirms else confirmed


def _exists(pool: Pool) -> UsernameExistsError:
    match pool.username_attributes:
        case [attribute]:
            return UsernameExistsError(f"An account with the given {attribute} already exists.")
        case _:
            return UsernameExistsError()
