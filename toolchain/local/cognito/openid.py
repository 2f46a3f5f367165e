"""The document that OpenID Connect clients configure themselves from."""

from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.request import Document


def openid_configuration(pool: Pool, origin: str) -> Document:
    """The issuer is AWS's URL, as in tokens; everything else is at `origin`, on this machine."""
    return {
        "authorization_endpoint": f"{origin}/oauth2/authorize",
        "end_session_endpoint": f"{origin}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": pool.issuer,
        "jwks_uri": f"{origin}/{pool.id}/.well-known/jwks.json",
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": f"{origin}/oauth2/revoke",
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": f"{origin}/oauth2/token",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": f"{origin}/oauth2/userInfo",
    }
