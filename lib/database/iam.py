"""The token of IAM database authentication: a presigned URL, made without a call to AWS.

This is what `boto3.client("rds").generate_db_auth_token` gives (a test compares the two), without the 270 ms
that importing boto3 and making an RDS client take at each cold start. The signature is version 4, in the
query string ("Authenticating Requests: Using Query Parameters (AWS Signature Version 4)").
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote

from lib.settings import AwsCredentials, DatabaseSettings

_SERVICE = "rds-db"
_EMPTY_BODY = hashlib.sha256(b"").hexdigest()


def auth_token(settings: DatabaseSettings, credentials: AwsCredentials, now: datetime) -> str:
    """Make the password to connect with within 15 minutes of `now` (aware, in UTC)."""
    time = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{time[:8]}/{settings.region}/{_SERVICE}/aws4_request"
    parameters = {
        "Action": "connect",
        "DBUser": settings.user,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{credentials.access_key_id}/{scope}",
        "X-Amz-Date": time,
        "X-Amz-Expires": "900",
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.session_token:
        parameters["X-Amz-Security-Token"] = credentials.session_token
    address = f"{settings.host}:{settings.port}"
    request = (
        "GET",
        "/",
        _query(sorted(parameters.items())),
        f"host:{address.lower()}",
        "",
        "host",
        _EMPTY_BODY,
    )
    digest = hashlib.sha256("\n".join(request).encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}"
    signature = _sign(_signing_key(credentials.secret_access_key, scope), to_sign).hex()
    return f"{address}/?{_query(parameters.items())}&X-Amz-Signature={signature}"


def _query(parameters: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters)


def _signing_key(secret: str, scope: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _sign(key, part)
    return key


def _sign(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
