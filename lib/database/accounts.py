"""Who to connect as, in each of the modes of DATABASE_AUTH."""

import json
from dataclasses import dataclass, field
from typing import Protocol

from lib.clock import Clock, utc_now
from lib.database.failures import DatabaseUnavailable
from lib.database.iam import auth_token
from lib.deadline import at_most
from lib.settings import AwsCredentials, DatabaseSettings


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the database."""

    user: str
    password: str = field(repr=False)


class Accounts(Protocol):
    """Where the account comes from."""

    def current(self) -> Account:
        """The account to connect with. Raises DatabaseUnavailable when it can't be had."""

    def renew(self) -> bool:
        """Say, after the server refused the account, whether there is another to try."""


class PasswordAccounts:
    """The account that the settings name."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._account = Account(settings.user, settings.password)

    def current(self) -> Account:
        return self._account

    def renew(self) -> bool:
        return False


class IamAccounts:
    """A token in place of the password, signed for each connection: it is valid for 15 minutes.

    AWS: "IAM database authentication for MariaDB, MySQL, and PostgreSQL" (RDS user guide).
    """

    def __init__(self, settings: DatabaseSettings, clock: Clock = utc_now) -> None:
        self._settings = settings
        self._clock = clock

    def current(self) -> Account:
        settings = self._settings
        token = auth_token(settings, settings.aws_credentials or _credentials_of_the_sdk(), self._clock())
        return Account(settings.user, token)

    def renew(self) -> bool:
        return False


_ATTEMPTS = 2
_PAUSE_SECONDS = 1.0
"""Between two attempts, at most: botocore's standard mode."""
_LONGEST_SECONDS = 11.0
_SHORTEST_SECONDS = 0.1


class SecretAccounts:
    """A Secrets Manager secret, `{"username": ..., "password": ...}`, fetched again when it is refused.

    RDS rotates the secrets it manages: "Password management with Amazon RDS and AWS Secrets Manager".
    """

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._account: Account | None = None

    def current(self) -> Account:
        if self._account is None:
            self._account = parse_secret(self._settings.secret_arn, self._fetch())
        return self._account

    def renew(self) -> bool:
        self._account = None
        return True

    def _fetch(self) -> str:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        # Without a route to Secrets Manager (a VPC without endpoint or NAT) the defaults wait for minutes.
        connect_seconds, read_seconds = patience(at_most(_LONGEST_SECONDS))
        config = Config(
            connect_timeout=connect_seconds,
            read_timeout=read_seconds,
            retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"},
        )
        try:
            client = boto3.client("secretsmanager", region_name=self._settings.region, config=config)
            answer = client.get_secret_value(SecretId=self._settings.secret_arn)
        except (BotoCoreError, ClientError) as error:
            raise DatabaseUnavailable(f"{self._settings.secret_arn}: {error}") from error
        return str(answer.get("SecretString", ""))


def patience(seconds: float) -> tuple[float, float]:
    """How long to wait for a connection and for an answer, in each attempt, to be done in so many seconds."""
    attempt = max(seconds - _PAUSE_SECONDS, _SHORTEST_SECONDS) / _ATTEMPTS
    return 0.4 * attempt, 0.6 * attempt


def accounts(settings: DatabaseSettings) -> Accounts:
    """The accounts of the settings' mode."""
    match settings.auth:
        case "iam":
            return IamAccounts(settings)
        case "secret":
            return SecretAccounts(settings)
        case _:
            return PasswordAccounts(settings)


def parse_secret(name: str, text: str) -> Account:
    """`{"username": "app", "password": "..."}` -> an Account; errors have nothing of the text."""
    try:
        secret = json.loads(text)
        return Account(str(secret["username"]), str(secret["password"]))
    except (ValueError, TypeError, KeyError):
        raise DatabaseUnavailable(f"{name} is not a JSON object with username and password") from None


def _credentials_of_the_sdk() -> AwsCredentials:
    """Outside Lambda's usual environment (SnapStart, somebody's machine) the SDK knows where to look."""
    import botocore.session

    found = botocore.session.get_session().get_credentials()
    if found is None:
        raise DatabaseUnavailable("no AWS credentials to sign the database's token with")
    frozen = found.get_frozen_credentials()
    return AwsCredentials(frozen.access_key, frozen.secret_key, frozen.token or "")
