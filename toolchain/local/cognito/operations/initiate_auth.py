"""InitiateAuth and AdminInitiateAuth.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from toolchain.local.cognito.errors import (
    InvalidParameterError,
    NotSupportedLocallyError,
    ResourceNotFoundError,
)
from toolchain.local.cognito.pool import Client, Pool, Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.sign_in.steps import Flow, Start

_PERMISSIONS = {
    "USER_SRP_AUTH": "ALLOW_USER_SRP_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
    "CUSTOM_AUTH": "ALLOW_CUSTOM_AUTH",
    "REFRESH_TOKEN_AUTH": "ALLOW_REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN": "ALLOW_REFRESH_TOKEN_AUTH",
    "ADMIN_USER_PASSWORD_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
}
_ADMINISTRATORS_ONLY = ("ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH")


@dataclass(frozen=True, slots=True)
class InitiateAuth:
    pools: Pools
    flows: Mapping[str, Flow]

    def __call__(self, request: Request) -> Document:
        flow = request.text("AuthFlow")
        pool, client = self.pools.by_client(request.text("ClientId"))
        if flow in _ADMINISTRATORS_ONLY:
            raise InvalidParameterError("Initiate Auth method not supported.")
        return begin(self.flows, request, pool, client)


@dataclass(frozen=True, slots=True)
class AdminInitiateAuth:
    pools: Pools
    flows: Mapping[str, Flow]

    def __call__(self, request: Request) -> Document:
        request.text("AuthFlow")
        pool, client = client_of_pool(self.pools, request)
        if request.text("AuthFlow") == "USER_PASSWORD_AUTH":
            raise InvalidParameterError("Initiate Auth method not supported.")
        return begin(self.flows, request, pool, client)


def begin(flows: Mapping[str, Flow], request: Request, pool: Pool, client: Client) -> Document:
    name = request.text("AuthFlow")
    if name == "USER_AUTH":
        raise NotSupportedLocallyError(
            "AuthFlow USER_AUTH (choice of passkeys and one-time passwords) is not supported locally;"
            " use USER_SRP_AUTH, USER_PASSWORD_AUTH or CUSTOM_AUTH"
        )
    if name not in _PERMISSIONS:
        raise InvalidParameterError(
            f"1 validation error detected: Value '{name}' at 'authFlow' failed to satisfy constraint:"
            f" Member must satisfy enum value set: [{', '.join(sorted([*_PERMISSIONS, 'USER_AUTH']))}]"
        )
    if _PERMISSIONS[name] not in client.flows:
        raise InvalidParameterError(f"{name} flow not enabled for this client")
    metadata = request.optional_mapping("ClientMetadata")
    return flows[name].start(Start(pool, client, request.mapping("AuthParameters"), metadata))


def client_of_pool(pools: Pools, request: Request) -> tuple[Pool, Client]:
    """The pool and the client that an administrator names together."""
    pool = pools.by_id(request.text("UserPoolId"))
    client_id = request.text("ClientId")
    if client_id not in pool.clients:
        raise ResourceNotFoundError(f"User pool client {client_id} does not exist.")
    return pool, pool.clients[client_id]
