"""How long tokens are good for, by the settings of the client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
"""

from typing import Literal

from toolchain.local.cognito.pool import Client

_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_DEFAULTS = {"AccessToken": (1, "hours"), "IdToken": (1, "hours"), "RefreshToken": (30, "days")}


def lifetime(client: Client, token: Literal["AccessToken", "IdToken", "RefreshToken"]) -> int:
    """Seconds.

    >>> lifetime(Client("id", settings={"AccessTokenValidity": 5}), "AccessToken")
    18000
    """
    value, unit = _DEFAULTS[token]
    unit = (client.settings.get("TokenValidityUnits") or {}).get(token) or unit
    return int(client.settings.get(f"{token}Validity") or value) * _SECONDS[unit]
