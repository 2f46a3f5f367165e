"""UpdateUserAttributes, DeleteUserAttributes, GetUserAttributeVerificationCode, VerifyUserAttribute.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html
"""

from dataclasses import dataclass, replace

from toolchain.local.cognito.attributes import check_known, check_may_write
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.errors import InvalidParameterError
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.codes import Codes, attribute_purpose
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.reading import AccessTokens
from toolchain.local.cognito.updating import Updating
from toolchain.local.cognito.user import VERIFIABLE, User
from toolchain.local.cognito.verification import Verification


@dataclass(frozen=True, slots=True)
class UpdateUserAttributes:
    tokens: AccessTokens
    updating: Updating

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        changes = request.attributes("UserAttributes")
        check_may_write(bearer.client, changes)
        requester = (bearer.client.id, request.optional_mapping("ClientMetadata"))
        details = self.updating.update(bearer.pool, bearer.user, changes, requester)
        return {"CodeDeliveryDetailsList": details}


@dataclass(frozen=True, slots=True)
class DeleteUserAttributes:
    tokens: AccessTokens
    users: Users
    clock: Clock

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        names = request.texts("UserAttributeNames")
        check_known(bearer.pool, names)
        check_may_write(bearer.client, dict.fromkeys(names, ""))
        now = self.clock()
        self.users.update(
            bearer.pool, bearer.user.username, lambda user: user.without_attributes(removed(names), now)
        )
        return {}


@dataclass(frozen=True, slots=True)
class GetUserAttributeVerificationCode:
    tokens: AccessTokens
    delivery: Delivery

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        name = _verifiable(request.text("AttributeName"))
        if name not in bearer.user.attributes and name not in bearer.user.pending:
            raise InvalidParameterError(f"User does not have {name}")
        metadata = request.optional_mapping("ClientMetadata")
        sending = Sending("VerifyUserAttribute", name, bearer.client.id, metadata)
        details = self.delivery.send_code(bearer.pool, bearer.user, attribute_purpose(name), sending)
        return {"CodeDeliveryDetails": details}


@dataclass(frozen=True, slots=True)
class VerifyUserAttribute:
    tokens: AccessTokens
    users: Users
    codes: Codes
    verification: Verification
    clock: Clock

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        name, code = _verifiable(request.text("AttributeName")), request.text("Code")
        address = self.verification.check(bearer.user, attribute_purpose(name), code)
        now = self.clock()
        self.users.update(bearer.pool, bearer.user.username, lambda user: _verified(user, name, address, now))
        self.codes.drop(bearer.user, attribute_purpose(name))
        return {}


def removed(names: list[str]) -> list[str]:
    """With an address goes that it was verified."""
    return [*names, *(f"{name}_verified" for name in names if name in VERIFIABLE)]


def _verified(user: User, name: str, address: str, now: float) -> User:
    """The user with an address that is proven, and no longer pending."""
    if address not in (user.attributes.get(name), user.pending.get(name)):
        raise InvalidParameterError(f"{name} has changed since the code was sent")
    pending = {key: value for key, value in user.pending.items() if key != name}
    return replace(user.with_attributes({name: address, f"{name}_verified": "true"}, now), pending=pending)


def _verifiable(name: str) -> str:
    if name not in VERIFIABLE:
        raise InvalidParameterError(f"Invalid attribute to verify: {name}; use email or phone_number")
    return name
