"""Settings: what is read, and that all problems come at once, without values."""

import pytest

from lib.settings import AwsCredentials, DatabaseSettings, SettingsError, database_settings, reading

REACHED = {"DATABASE_HOST": "db.internal", "DATABASE_PORT": "3307", "DATABASE_NAME": "app"}
AWS = {
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "secret-key",
    "AWS_SESSION_TOKEN": "session-token",
}


def read_database(environ: dict[str, str]) -> DatabaseSettings:
    with reading(environ) as read:
        return database_settings(read)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {**REACHED, "DATABASE_AUTH": "password", "DATABASE_USER": "app", "DATABASE_PASSWORD": "hunter2"},
            DatabaseSettings("db.internal", 3307, "app", "password", user="app", password="hunter2"),
        ),
        (
            {**REACHED, **AWS, "DATABASE_AUTH": "secret", "DATABASE_SECRET_ARN": "arn:aws:...:secret:db"},
            DatabaseSettings(
                "db.internal", 3307, "app", "secret", secret_arn="arn:aws:...:secret:db", region="eu-west-1"
            ),
        ),
        (
            {
                **REACHED,
                **AWS,
                "DATABASE_AUTH": "iam",
                "DATABASE_USER": "app",
                "DATABASE_TLS_CA": "/opt/rds.pem",
                "DATABASE_PROXY": "on",
                "DATABASE_PASSWORD": "left over",
            },
            DatabaseSettings(
                "db.internal",
                3307,
                "app",
                "iam",
                user="app",
                region="eu-west-1",
                aws_credentials=AwsCredentials("AKIDEXAMPLE", "secret-key", "session-token"),
                tls_ca="/opt/rds.pem",
                is_proxied=True,
            ),
        ),
        (
            {
                "DATABASE_HOST": "h",
                "DATABASE_NAME": "n",
                "DATABASE_AUTH": "iam",
                "DATABASE_USER": "u",
                "AWS_REGION": "eu-west-1",
            },
            DatabaseSettings("h", 3306, "n", "iam", user="u", region="eu-west-1"),
        ),
    ],
    ids=["password", "secret", "iam", "iam, with the SDK's credentials"],
)
def test_each_mode_reads_what_it_needs(environ: dict[str, str], expected: DatabaseSettings) -> None:
    """And nothing else: a password left in the environment does not get into an IAM function's settings."""
    assert read_database(environ) == expected


@pytest.mark.parametrize(
    ("auth", "host", "tls", "uses_tls"),
    [
        ("password", "db.internal", "", True),
        ("password", "db.internal", "off", False),
        ("password", "127.evil.example", "", True),
        ("password", "localhost.example", "", True),
        ("password", "localhost", "", False),
        ("password", "localhost", "on", True),
        ("password", "127.0.0.1", "", False),
        ("password", "127.8.8.8", "", False),
        ("password", "::1", "", False),
        ("secret", "localhost", "", True),
        ("iam", "localhost", "", True),
    ],
)
def test_plain_text_is_for_this_machine(auth: str, host: str, tls: str, *, uses_tls: bool) -> None:
    """Unless the settings say that it may leave it; a certificate to trust always means TLS."""
    environ = {
        **AWS,
        "DATABASE_HOST": host,
        "DATABASE_NAME": "app",
        "DATABASE_AUTH": auth,
        "DATABASE_TLS": tls,
        "DATABASE_USER": "app",
        "DATABASE_PASSWORD": "hunter2",
        "DATABASE_SECRET_ARN": "arn:aws:...:secret:db",
    }
    assert read_database(environ).uses_tls is uses_tls
    assert read_database({**environ, "DATABASE_TLS_CA": "/opt/rds.pem"}).uses_tls


@pytest.mark.parametrize(
    ("environ", "problems"),
    [
        ({}, ("DATABASE_AUTH is not set", "DATABASE_HOST is not set", "DATABASE_NAME is not set")),
        (
            {"DATABASE_AUTH": "password", "DATABASE_PORT": "mysql", "DATABASE_NAME": ""},
            (
                "DATABASE_HOST is not set",
                "DATABASE_NAME is not set",
                "DATABASE_PASSWORD is not set",
                "DATABASE_PORT is not a number from its range; use 1 to 65535",
                "DATABASE_USER is not set",
            ),
        ),
        (
            {**REACHED, "DATABASE_AUTH": "hunter2", "DATABASE_PORT": "65536", "DATABASE_PROXY": "hunter2"},
            (
                "DATABASE_AUTH is not one of its values; use password, secret, iam",
                "DATABASE_PORT is not a number from its range; use 1 to 65535",
                "DATABASE_PROXY is not one of its values; use on, off",
            ),
        ),
        ({**REACHED, "DATABASE_AUTH": "secret"}, ("AWS_REGION is not set", "DATABASE_SECRET_ARN is not set")),
        (
            {
                **REACHED,
                "DATABASE_AUTH": "iam",
                "AWS_REGION": "x",
                "DATABASE_USER": "u",
                "DATABASE_TLS": "off",
            },
            ("DATABASE_TLS can't be off when DATABASE_AUTH is iam",),
        ),
        ({**REACHED, "DATABASE_AUTH": "iam"}, ("AWS_REGION is not set", "DATABASE_USER is not set")),
    ],
)
def test_all_problems_are_reported_at_once(environ: dict[str, str], problems: tuple[str, ...]) -> None:
    """Each names its setting and what is allowed; none has a value, which may be a misplaced secret."""
    with pytest.raises(SettingsError) as caught:
        read_database(environ)
    assert caught.value.problems == problems
    assert str(caught.value) == "\n".join(problems)


def test_settings_of_several_readers_are_reported_together() -> None:
    """A function's own settings and its database's, in one error."""

    def read_both() -> None:
        with reading({**REACHED, "RETENTION_DAYS": "0"}) as read:
            database_settings(read)
            read.integer("RETENTION_DAYS", minimum=1, default=30)

    with pytest.raises(SettingsError) as caught:
        read_both()
    assert caught.value.problems == (
        "DATABASE_AUTH is not set",
        "RETENTION_DAYS is not a number from its range; use 1 or more",
    )


def test_an_optional_number_has_its_default() -> None:
    with reading({"RETENTION_DAYS": ""}) as read:
        assert read.integer("RETENTION_DAYS", minimum=1, default=30) == 30


def test_an_error_in_the_block_is_not_replaced() -> None:
    """Problems noted so far would hide what went wrong."""

    def read_and_fail() -> None:
        with reading({}) as read:
            read.text("MISSING")
            raise LookupError

    with pytest.raises(LookupError):
        read_and_fail()


def test_secrets_are_not_in_what_is_printed() -> None:
    """Settings end up in logs and tracebacks."""
    account = {**REACHED, **AWS, "DATABASE_USER": "app", "DATABASE_PASSWORD": "hunter2"}
    printed = "".join(repr(read_database({**account, "DATABASE_AUTH": mode})) for mode in ("password", "iam"))
    for secret in ("hunter2", "secret-key", "session-token"):
        assert secret not in printed
