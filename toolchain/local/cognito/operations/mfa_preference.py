"""SetUserMFAPreference and AdminSetUserMFAPreference.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
"""

from dataclasses import dataclass, replace

from toolchain.local.cognito.errors import InvalidParameterError, NotSupportedLocallyError
from toolchain.local.cognito.operations.admin_users import NamedUser
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.reading import AccessTokens
from toolchain.local.cognito.user import User

_OTHERS = ("SMSMfaSettings", "EmailMfaSettings")


@dataclass(frozen=True, slots=True)
class SetUserMfaPreference:
    tokens: AccessTokens
    users: Users

    def __call__(self, request: Request) -> Document:
        bearer = self.tokens.read(request.text("AccessToken"))
        return set_preference(self.users, bearer.pool, bearer.user, request)


@dataclass(frozen=True, slots=True)
class AdminSetUserMfaPreference:
    named: NamedUser
    users: Users

    def __call__(self, request: Request) -> Document:
        pool, user = self.named.find(request)
        return set_preference(self.users, pool, user, request)


def set_preference(users: Users, pool: Pool, user: User, request: Request) -> Document:
    """Use the app as a second factor, or stop. Factors by SMS and e-mail can only be turned off."""
    for name in _OTHERS:
        settings = request.member(name)
        if settings and (settings.flag("Enabled") or settings.flag("PreferredMfa")):
            raise NotSupportedLocallyError(f"{name} is not supported locally; use SoftwareTokenMfaSettings")
    settings = request.member("SoftwareTokenMfaSettings")
    if settings is None:
        return {}
    enabled, preferred = settings.flag("Enabled"), settings.flag("PreferredMfa")
    if preferred and not enabled:
        raise InvalidParameterError("A preferred MFA method must be enabled")

    def change(user: User) -> User:
        if enabled and not (user.software_token and user.software_token.is_verified):
            raise InvalidParameterError("User has not verified software token mfa")
        return replace(user, uses_software_token=enabled, prefers_software_token=preferred)

    users.update(pool, user.username, change)
    return {}
