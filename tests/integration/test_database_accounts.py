"""Who lib.database connects as, and over what: TLS, IAM tokens, secrets."""

import ipaddress
import json
import os
import pwd
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import boto3  # type: ignore[import-untyped]
import pymysql
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from moto import mock_aws
from pymysql.connections import Connection

from lib.database import Database, DatabaseUnavailable
from lib.database.accounts import patience
from lib.deadline import deadline_of
from lib.settings import AwsCredentials, DatabaseSettings
from tests.unit.http_events import Deadline
from toolchain.local.mariadb import DatabaseServer, temporary_server
from toolchain.project import Project

SettingsOf = Callable[[DatabaseServer], DatabaseSettings]


@dataclass(frozen=True)
class Certificates:
    """PEM files: an authority, and a server's key and certificate that it signed."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(directory: Path, address: str) -> Certificates:
    """An authority of its own, and a certificate for a server at that address."""
    directory.mkdir()
    authority_key, server_key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
    server = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Server")])
    now = datetime.now(UTC)

    def issue(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *extensions: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder(authority, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1))
        builder = builder.not_valid_after(now + timedelta(days=1))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    made = Certificates(directory / "authority.pem", directory / "server.pem", directory / "key.pem")
    made.authority.write_bytes(
        issue(authority, authority_key, x509.BasicConstraints(ca=True, path_length=None))
    )
    made.certificate.write_bytes(
        issue(
            server, server_key, x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        )
    )
    made.key.write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls") / "right", "127.0.0.1")


@pytest.fixture(scope="module")
def other_certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Of an authority that the server's certificate is not from, for another address."""
    return make_certificates(tmp_path_factory.mktemp("tls") / "other", "192.0.2.1")


@pytest.fixture(scope="module")
def tls_settings(
    checkout: Project, certificates: Certificates, settings_of: SettingsOf
) -> Iterator[DatabaseSettings]:
    """Settings of a server that offers TLS."""
    options = (f"--ssl-cert={certificates.certificate}", f"--ssl-key={certificates.key}")
    with temporary_server(checkout, options=options) as server:
        yield replace(settings_of(server), uses_tls=True, tls_ca=str(certificates.authority))


class TestTls:
    """In any mode."""

    def test_the_connection_is_encrypted(self, tls_settings: DatabaseSettings) -> None:
        with closing(Database(tls_settings)) as database:
            row = database.run(lambda t: t.row("SHOW SESSION STATUS LIKE 'Ssl_version'"), idempotent=True)
        assert row is not None
        assert row["Value"].startswith("TLSv1.")

    def test_a_certificate_of_another_authority_is_refused(
        self, tls_settings: DatabaseSettings, other_certificates: Certificates
    ) -> None:
        with pytest.raises(DatabaseUnavailable, match="certificate verify failed"):
            Database(replace(tls_settings, tls_ca=str(other_certificates.authority))).check()

    def test_a_certificate_for_another_name_is_refused(self, tls_settings: DatabaseSettings) -> None:
        """Somebody else's valid certificate is no proof; 127.0.0.1 is in this one, localhost is not."""
        with pytest.raises(DatabaseUnavailable, match="certificate is not valid for 'localhost'"):
            Database(replace(tls_settings, host="localhost")).check()

    @pytest.mark.parametrize("auth", ["password", "iam"])
    def test_a_server_without_tls_is_refused(
        self, mariadb: DatabaseServer, tls_settings: DatabaseSettings, auth: str
    ) -> None:
        """Nothing secret is sent before the connection is encrypted."""
        credentials = AwsCredentials("AKIDEXAMPLE", "secret")
        plain = replace(
            tls_settings, port=mariadb.port, auth=auth, region="eu-west-1", aws_credentials=credentials
        )
        with pytest.raises(DatabaseUnavailable) as caught:
            Database(plain).check()
        assert str(caught.value) == (
            f"127.0.0.1:{mariadb.port}: SSL is required but the server doesn't support it"
        )

    @pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), ("x", "NO_CERTIFICATE")])
    def test_certificates_that_cannot_be_read(
        self, tls_settings: DatabaseSettings, tmp_path: Path, content: str | None, reason: str
    ) -> None:
        path = tmp_path / "authority.pem"
        if content:
            path.write_text(content)
        with pytest.raises(DatabaseUnavailable, match=f"^{path}: .*{reason}"):
            Database(replace(tls_settings, tls_ca=str(path))).check()


def greeting(capabilities: int) -> bytes:
    """The first packet of a server with these capabilities."""
    low, high = capabilities & 0xFFFF, capabilities >> 16
    start = b"\x0a8.4.0\0" + struct.pack("<I8sxHBHHB10x", 1, b"s" * 8, low, 45, 2, high, 21)
    return start + b"s" * 12 + b"\0mysql_native_password\0"


def send(connection: socket.socket, number: int, payload: bytes) -> None:
    connection.sendall(struct.pack("<I", len(payload))[:3] + bytes([number]) + payload)


def receive(connection: socket.socket) -> bytes:
    """The next packet's payload; empty when the connection has ended."""
    length = int.from_bytes(connection.recv(4)[:3], "little")
    payload = b""
    while len(payload) < length:
        payload += connection.recv(length - len(payload))
    return payload


class PlainServer:
    """A server without TLS, or somebody in its place, that wants another proof than a scrambled password."""

    def __init__(self, *answers: bytes) -> None:
        self.received: list[bytes] = []
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):  # the listener is closed, or the client has gone
            connection, _ = self._listener.accept()
            with connection:
                send(connection, 0, greeting(pymysql.constants.CLIENT.CAPABILITIES))
                for number, answer in enumerate(self._answers):
                    self.received.append(receive(connection))
                    send(connection, 2 + 2 * number, answer)
                self.received.append(receive(connection))


@pytest.mark.parametrize("plugin", ["mysql_clear_password", "dialog"])
def test_no_password_is_sent_in_clear_text(plugin: str) -> None:
    """Whoever stands between this machine and the server would only have to ask for it."""
    with closing(PlainServer(b"\xfe" + plugin.encode() + b"\0\2Password: \0")) as server:
        settings = DatabaseSettings(
            "127.0.0.1", server.port, "app", "password", user="app", password="hunter2", uses_tls=False
        )
        with pytest.raises(DatabaseUnavailable) as caught:
            Database(settings).check()
    assert str(caught.value) == (
        f"127.0.0.1:{server.port}: the server asks for the password in clear text, without TLS"
    )
    assert not any(b"hunter2" in packet for packet in server.received)


def test_a_way_to_sign_in_that_needs_another_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """MySQL 8's own way needs cryptography when there is no TLS; the zip has it not, but this machine has."""
    monkeypatch.setattr("pymysql._auth._have_cryptography", False)
    switch = b"\xfesha256_password\0" + b"s" * 20 + b"\0"
    with closing(PlainServer(switch, b"\1-----BEGIN PUBLIC KEY-----")) as server:
        settings = DatabaseSettings(
            "127.0.0.1", server.port, "app", "password", user="app", password="hunter2", uses_tls=False
        )
        with pytest.raises(DatabaseUnavailable, match="'cryptography' package is required"):
            Database(settings).check()


@pytest.fixture
def administrator(mariadb: DatabaseServer) -> Iterator[Connection]:
    """A connection with all rights, which the server grants to the user who started it."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    with closing(pymysql.connect(unix_socket=str(mariadb.socket), user=user, autocommit=True)) as root:
        yield root


class RdsLikeServer:
    """As much of the protocol as RDS speaks with an IAM account: TLS, then the token as a clear password.

    MariaDB has no such account without PAM. Everything after the sign-in is answered with OK.
    """

    _SWITCH = b"\xfemysql_clear_password\0"
    _OK = b"\0\0\0\x02\0\0\0"
    _TLS_CAPABILITY = 0x0800

    def __init__(self, certificates: Certificates) -> None:
        self.tokens: list[str] = []
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(certificates.certificate, certificates.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):  # the listener is closed
            while True:
                connection, _ = self._listener.accept()
                with connection, suppress(OSError):  # the client does not trust the certificate
                    self._greet(connection)

    def _greet(self, connection: socket.socket) -> None:
        send(connection, 0, greeting(pymysql.constants.CLIENT.CAPABILITIES | self._TLS_CAPABILITY))
        receive(connection)  # the wish for TLS
        with self._tls.wrap_socket(connection, server_side=True) as encrypted:
            receive(encrypted)
            send(encrypted, 3, self._SWITCH)
            self.tokens.append(receive(encrypted).rstrip(b"\0").decode())
            send(encrypted, 5, self._OK)
            while receive(encrypted)[:1] == b"\x03":  # COM_QUERY, until COM_QUIT
                send(encrypted, 1, self._OK)


def test_iam_sends_a_token_over_tls(certificates: Certificates) -> None:
    """Each connection has a token of its own, since they expire."""
    with closing(RdsLikeServer(certificates)) as server:
        settings = DatabaseSettings(
            host="127.0.0.1",
            port=server.port,
            name="app",
            user="app",
            auth="iam",
            region="eu-west-1",
            aws_credentials=AwsCredentials("AKIDEXAMPLE", "secret", "session+token/="),
            tls_ca=str(certificates.authority),
        )
        for _ in range(2):
            with closing(Database(settings)) as database:
                database.run(lambda transaction: transaction.execute("DO 1"), idempotent=True)
    address, query = server.tokens[0].split("/?")
    fields = parse_qs(query, strict_parsing=True)
    assert len(server.tokens) == 2
    assert address == f"127.0.0.1:{server.port}"
    assert fields["DBUser"] == ["app"]
    assert fields["X-Amz-Credential"][0].startswith("AKIDEXAMPLE/")
    assert fields["X-Amz-Security-Token"] == ["session+token/="]


def test_iam_refuses_a_server_that_its_certificates_do_not_vouch_for(
    certificates: Certificates, other_certificates: Certificates
) -> None:
    """Whoever gets a token can use it for 15 minutes."""
    with closing(RdsLikeServer(certificates)) as server:
        settings = DatabaseSettings(
            host="127.0.0.1",
            port=server.port,
            name="app",
            user="app",
            auth="iam",
            region="eu-west-1",
            aws_credentials=AwsCredentials("AKIDEXAMPLE", "secret"),
        )
        for untrusting in (settings, replace(settings, tls_ca=str(other_certificates.authority))):
            with pytest.raises(DatabaseUnavailable, match="certificate verify failed"):
                Database(untrusting).check()
    assert server.tokens == []


@pytest.mark.parametrize("password", ["pässwörd", "пароль 密码 🔑"])
def test_a_password_may_have_any_character(
    empty_settings: DatabaseSettings, administrator: Connection, password: str
) -> None:
    """The server takes it as UTF-8; PyMySQL on its own would make it latin-1, or fail."""
    with administrator.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE USER 'any'@'127.0.0.1' IDENTIFIED BY %s", (password,))
        cursor.execute("GRANT ALL ON app.* TO 'any'@'127.0.0.1'")
    with closing(Database(replace(empty_settings, user="any", password=password))) as database:
        database.check()


class TestSecret:
    """DATABASE_AUTH=secret: the account is in Secrets Manager, and changes there from time to time."""

    @pytest.fixture
    def settings(self, empty_settings: DatabaseSettings, administrator: Connection) -> DatabaseSettings:
        administrator.query("CREATE OR REPLACE USER 'rotated'@'127.0.0.1' IDENTIFIED BY 'first'")
        administrator.query("GRANT ALL ON app.* TO 'rotated'@'127.0.0.1'")
        return replace(
            empty_settings, auth="secret", user="", password="", secret_arn="database", region="eu-west-1"
        )

    @mock_aws
    def test_is_fetched_again_when_the_password_was_rotated(
        self, settings: DatabaseSettings, administrator: Connection
    ) -> None:
        """1045, once; a connection that is open is not affected."""
        secrets = boto3.client("secretsmanager", region_name="eu-west-1")
        secrets.create_secret(Name="database", SecretString=account("first"))
        with closing(Database(settings)) as database:
            database.check()
            secrets.put_secret_value(SecretId="database", SecretString=account("second"))
            administrator.query("ALTER USER 'rotated'@'127.0.0.1' IDENTIFIED BY 'second'")
            database.check()
            database.close()
            database.check()

    @mock_aws
    def test_a_password_that_stays_wrong_is_tried_twice(
        self, settings: DatabaseSettings, administrator: Connection
    ) -> None:
        secrets = boto3.client("secretsmanager", region_name="eu-west-1")
        secrets.create_secret(Name="database", SecretString=account("wrong"))
        with administrator.cursor() as cursor:
            cursor.execute("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")
            before = int(cursor.fetchall()[0][1])
            with pytest.raises(DatabaseUnavailable) as caught:
                Database(settings).check()
            cursor.execute("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'")
            after = int(cursor.fetchall()[0][1])
        assert str(caught.value) == (
            f"127.0.0.1:{settings.port}: Access denied for user 'rotated'@'127.0.0.1' (using password: YES)"
        )
        assert after - before == 2

    @mock_aws
    def test_a_secret_that_is_not_there(self, settings: DatabaseSettings) -> None:
        with pytest.raises(DatabaseUnavailable) as caught:
            Database(settings).check()
        assert str(caught.value) == (
            "database: An error occurred (ResourceNotFoundException) when calling the GetSecretValue"
            " operation: Secrets Manager can't find the specified secret."
        )

    @mock_aws
    @pytest.mark.parametrize("secret", ["hunter2", '"hunter2"', '{"password": "hunter2"}'])
    def test_a_secret_of_another_form(self, settings: DatabaseSettings, secret: str) -> None:
        """Nothing of it is in the message."""
        boto3.client("secretsmanager", region_name="eu-west-1").create_secret(
            Name="database", SecretString=secret
        )
        with pytest.raises(DatabaseUnavailable) as caught:
            Database(settings).check()
        assert str(caught.value) == "database is not a JSON object with username and password"

    def test_a_secret_that_does_not_come(
        self, settings: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without a route to Secrets Manager there is still time to say so."""
        context = Deadline(timeout_seconds=4)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", f"http://127.0.0.1:{port}")
            with deadline_of(context), pytest.raises(DatabaseUnavailable, match=r"^database: Read timeout"):
                Database(settings).check()
        assert context.get_remaining_time_in_millis() > 0


@pytest.mark.parametrize(
    ("seconds", "expected"), [(11.0, (2.0, 3.0)), (3.5, (0.5, 0.75)), (0.05, (0.02, 0.03))]
)
def test_patience_fits_into_the_time_that_is_left(seconds: float, expected: tuple[float, float]) -> None:
    """Two attempts, and a second between them."""
    assert patience(seconds) == pytest.approx(expected)


def account(password: str) -> str:
    """A secret as RDS writes it."""
    return json.dumps({"username": "rotated", "password": password})
