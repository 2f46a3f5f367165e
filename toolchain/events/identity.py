"""Who, where and when of every sample event: one user of one pool, one account, one moment."""

from datetime import UTC, datetime

from toolchain.manifest.http_trigger import Jwt

REGION = "eu-west-1"
ACCOUNT_ID = "123456789012"
USER_POOL_ID = "eu-west-1_EXAMPLE01"
CLIENT_ID = "3n4b5urk1ft4fl3mg5e62d9ado"
ISSUER = f"https://cognito-idp.{REGION}.amazonaws.com/{USER_POOL_ID}"

SUB = "5d1e8a3c-7b7e-4c0b-9a51-0c7c6f2f9d10"
EMAIL = "ada@example.com"
NAME = "Ada Lovelace"
SOURCE_IP = "203.0.113.7"  # RFC 5737: for documentation

MOMENT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
EPOCH_SECONDS = int(MOMENT.timestamp())
EPOCH_MILLISECONDS = EPOCH_SECONDS * 1000


def access_token_claims(jwt: Jwt) -> dict[str, str]:
    """The claims of the user's access token, as API Gateway's JWT authorizer hands them on: all strings.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    claims = {
        "sub": SUB,
        "iss": ISSUER,
        "client_id": CLIENT_ID,
        "origin_jti": "1f7a6c7e-0c8e-4a54-9b0a-6b1f4d5a2c11",
        "event_id": "9c2d6f0e-3a4b-4d1c-8e5f-7a6b5c4d3e2f",
        "token_use": "access",
        "scope": " ".join(jwt.scopes),
        "auth_time": str(EPOCH_SECONDS),
        "exp": str(EPOCH_SECONDS + 3600),
        "iat": str(EPOCH_SECONDS),
        "jti": "7e6d5c4b-3a29-4817-a6b5-c4d3e2f10987",
        "username": SUB,
    }
    if jwt.groups:
        claims["cognito:groups"] = f"[{' '.join(jwt.groups)}]"
    return claims
