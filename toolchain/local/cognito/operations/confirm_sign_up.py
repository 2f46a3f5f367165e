"""ConfirmSignUp and AdminConfirmSignUp.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmSignUp.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import ExpiredCodeError, NotAuthorizedError
from toolchain.local.cognito.operations.hidden_user import enabled_or_hidden
from toolchain.local.cognito.pool import Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.codes import SIGN_UP, Codes
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.sign_up import Confirmation, post_confirmation
from toolchain.local.cognito.user import VERIFIABLE, User
from toolchain.local.cognito.verification import Verification


@dataclass(frozen=True, slots=True)
class ConfirmSignUp:
    pools: Pools
    users: Users
    codes: Codes
    verification: Verification
    triggers: Triggers
    clock: Clock

    def __call__(self, request: Request) -> Document:
        """If PostConfirmation fails, so does the request; the user stays confirmed."""
        pool, client = self.pools.by_client(request.text("ClientId"))
        name, code = request.text("Username"), request.text("ConfirmationCode")
        check_secret_hash(client, name, request.optional_text("SecretHash"))
        user = enabled_or_hidden(client, self.users.find(pool, name))
        if user is None:
            raise ExpiredCodeError
        check_unconfirmed(user)
        address = self.verification.check(user, SIGN_UP, code)
        user = self.users.update(
            pool,
            user.username,
            lambda user: confirm(user, address, self.clock()),
            takes_aliases=request.flag("ForceAliasCreation"),
        )
        self.codes.drop(user, SIGN_UP)
        event = Confirmation("ConfirmSignUp", client.id)
        post_confirmation(self.triggers, pool, user, event, request.optional_mapping("ClientMetadata"))
        return {}


@dataclass(frozen=True, slots=True)
class AdminConfirmSignUp:
    pools: Pools
    users: Users
    codes: Codes
    triggers: Triggers
    clock: Clock

    def __call__(self, request: Request) -> Document:
        """No address is verified by it."""
        pool = self.pools.by_id(request.text("UserPoolId"))
        user = self.users.get_for_administrator(pool, request.text("Username"))
        user = self.users.update(pool, user.username, lambda user: confirm(user, None, self.clock()))
        self.codes.drop(user, SIGN_UP)
        metadata = request.optional_mapping("ClientMetadata")
        post_confirmation(self.triggers, pool, user, Confirmation("ConfirmSignUp", None), metadata)
        return {}


def check_unconfirmed(user: User) -> None:
    if user.status != "UNCONFIRMED":
        raise NotAuthorizedError(f"User cannot be confirmed. Current status is {user.status}")


def confirm(user: User, address: str | None, now: float) -> User:
    """The user confirmed, and the address that the code went to verified."""
    check_unconfirmed(user)
    verified = {
        f"{name}_verified": "true"
        for name in VERIFIABLE
        if address is not None and user.attributes.get(name) == address
    }
    return user.with_attributes(verified, now).with_status("CONFIRMED", now)
