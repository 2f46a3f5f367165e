"""Whether the API can do its work."""

import socket
from dataclasses import replace

import pytest

from lib.database import Database
from lib.settings import DatabaseSettings
from tests.integration.functions.calls import Call, body_of


@pytest.mark.usefixtures("migrated_settings")
def test_health(call: Call) -> None:
    answer = call("health")
    assert (answer["statusCode"], body_of(answer)) == (200, {"status": "ok", "database": "ok"})


def test_health_of_a_database_that_is_gone(call: Call, migrated_settings: DatabaseSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    answer = call("health", database=Database(replace(migrated_settings, port=port)))
    assert (answer["statusCode"], body_of(answer)["detail"]) == (503, "The database can't be reached.")
