"""Rows of deleted users, which go after a while."""

import pytest
from pymysql.connections import Connection

from tests.integration.functions.calls import Call


@pytest.mark.usefixtures("migrated_settings")
def test_purging_deleted_users(call: Call, connection: Connection) -> None:
    """After RETENTION_DAYS (30) and not before; the second time there is nothing left to do."""
    call("create_user")
    call("delete_me")
    assert call("purge_deleted_users") == {"removed": 0}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE users SET deleted_at = NOW() - INTERVAL 31 DAY")
    assert call("purge_deleted_users") == {"removed": 1}
    assert call("purge_deleted_users") == {"removed": 0}
    assert call("get_me")["statusCode"] == 200
