"""ResendConfirmationCode.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.errors import InvalidParameterError
from toolchain.local.cognito.operations.hidden_user import enabled_or_hidden, pretended_delivery
from toolchain.local.cognito.operations.sign_up import code_attribute
from toolchain.local.cognito.pool import Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.codes import SIGN_UP
from toolchain.local.cognito.store.users import Users


@dataclass(frozen=True, slots=True)
class ResendConfirmationCode:
    pools: Pools
    users: Users
    delivery: Delivery

    def __call__(self, request: Request) -> Document:
        pool, client = self.pools.by_client(request.text("ClientId"))
        name = request.text("Username")
        check_secret_hash(client, name, request.optional_text("SecretHash"))
        user = enabled_or_hidden(client, self.users.find(pool, name))
        if user is None:
            return pretended_delivery(pool, name)
        if user.status != "UNCONFIRMED":
            raise InvalidParameterError("User is already confirmed.")
        attribute = code_attribute(pool, user)
        if attribute is None:
            raise InvalidParameterError("Auto verification not turned on.")
        sending = Sending("ResendCode", attribute, client.id, request.optional_mapping("ClientMetadata"))
        return {"CodeDeliveryDetails": self.delivery.send_code(pool, user, SIGN_UP, sending)}
