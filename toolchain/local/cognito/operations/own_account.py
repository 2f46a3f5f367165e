"""GetUser, DeleteUser, GlobalSignOut: what signed-in users do with their account.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
"""

from dataclasses import dataclass

from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.sign_ins import SignIns
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.reading import AccessTokens
from toolchain.local.cognito.user import attribute_list, mfa_settings


@dataclass(frozen=True, slots=True)
class GetUser:
    tokens: AccessTokens

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        readable = {
            name: value for name, value in bearer.user.attributes.items() if bearer.client.may_read(name)
        }
        return {
            "Username": bearer.user.username,
            "UserAttributes": attribute_list(readable),
            **mfa_settings(bearer.user),
        }


@dataclass(frozen=True, slots=True)
class DeleteUser:
    tokens: AccessTokens
    users: Users

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        self.users.delete(bearer.pool, bearer.user.username)
        return {}


@dataclass(frozen=True, slots=True)
class GlobalSignOut:
    tokens: AccessTokens
    sign_ins: SignIns

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        self.sign_ins.revoke_all(bearer.user)
        return {}
