"""Who lib.database connects as, and over what: TLS, IAM tokens, secrets."""

import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pymysql
import pytest
from pymysql.connections import Connection

from lib.database import Database, DatabaseUnavailable
from lib.settings import AwsCredentials, DatabaseSettings
from tests.integration.certificates import Certificates, make_certificates
from toolchain.local.mariadb import DatabaseServer, temporary_server
from toolchain.project import Project

SettingsOf = Callable[[DatabaseServer], DatabaseSettings]


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


def test_a_password_mode_function_does_not_pay_for_the_sdk() -> None:
    """boto3 would double the time of a cold start."""
    modules = subprocess.run(
        [sys.executable, "-c", "import lib.database, lib.migrations, lib.users, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"boto3", "botocore", "pydantic"}.isdisjoint(modules)
