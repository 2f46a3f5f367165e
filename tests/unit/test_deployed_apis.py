"""Addresses and access logs of deployed APIs."""

import json
import socket
from pathlib import Path

import pytest

from toolchain.local.deployed.access_logs import render
from toolchain.local.deployed.addresses import Addresses
from toolchain.local.http_api import Api
from toolchain.local.place import Place

PLACE = Place("123456789012", "eu-west-1")
API = Api("123456789012", "abcd1234", "eu-west-1", "dev")


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("$context.requestId $context.status", "JKJ= 200"),
        ('{"ip":"$context.identity.sourceIp"}', '{"ip":"127.0.0.1"}'),
        ("$context.stage/$context.apiId", "dev/abcd1234"),
        ("$context.error.message|$context.authorizer.claims.sub|", "-|-|"),
        ("$context.integration.latency ms", "12.5 ms"),
        ("$5.00, $contextual", "$5.00, $contextual"),
        ("$context.integrationStatus $context.integration.status", "200 200"),
    ],
)
def test_line_of_the_access_log(template: str, line: str) -> None:
    members = {"requestId": "JKJ=", "status": 200, "ip": "127.0.0.1", "integrationLatency": 12.5}
    members["integrationRequestId"] = "b4"
    assert render(template, members, API) == line


def test_a_function_that_was_not_called_has_no_status() -> None:
    assert render("$context.integrationStatus", {"status": 401}, API) == "-"


def test_an_api_is_where_it_was(tmp_path: Path) -> None:
    """After a restart; and two APIs are at two addresses."""
    file = tmp_path / "deployed" / "ports.json"
    first = Addresses(file, 0)
    one, other = (first.url(PLACE, name) for name in ("one", "other"))
    assert one != other
    assert first.url(PLACE, "one") == one
    first.close()
    again = Addresses(file, 0)
    assert (again.url(PLACE, "other"), again.url(PLACE, "one")) == (other, one)
    again.close()


def test_an_address_that_is_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The next free one, from then on; and it is said."""
    file = tmp_path / "ports.json"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        file.write_text(json.dumps({"123456789012/eu-west-1/one": port}))
        addresses = Addresses(file, 0)
        url = addresses.url(PLACE, "one")
        addresses.close()
    now = int(url.rpartition(":")[2])
    assert now > port
    assert [record.getMessage() for record in caplog.records] == [
        f"port {port} is in use; API one is on {now}"
    ]
    assert json.loads(file.read_bytes()) == {"123456789012/eu-west-1/one": now}


@pytest.mark.parametrize("content", [b"", b"[]", b'{"123456789012/eu-west-1/one": "8001"}', b"{"])
def test_a_damaged_file_costs_only_the_addresses(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ports.json"
    file.write_bytes(content)
    addresses = Addresses(file, 0)
    assert addresses.url(PLACE, "one").startswith("http://127.0.0.1:")
    addresses.close()


def test_a_forgotten_address(tmp_path: Path) -> None:
    """Its socket is handed over, to be closed by whoever serves it."""
    addresses = Addresses(tmp_path / "ports.json", 0)
    addresses.url(PLACE, "one")
    listener = addresses.forget(PLACE, "one")
    assert listener
    listener.close()
    assert addresses.forget(PLACE, "one") is None
    assert json.loads((tmp_path / "ports.json").read_bytes()) == {}
