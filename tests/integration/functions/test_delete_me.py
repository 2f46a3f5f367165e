"""Deleting one's own account."""

import pytest

from tests.integration.functions.calls import Call, body_of


@pytest.mark.usefixtures("migrated_settings")
def test_deleting_my_account(call: Call) -> None:
    """It is idempotent, and final until the row is purged: nothing makes the user anew."""
    call("create_user")
    for _ in range(2):
        answer = call("delete_me")
        assert (answer["statusCode"], "body" in answer) == (204, False)
    call("create_user")
    for name in ("get_me", "update_me"):
        assert body_of(call(name))["type"] == "urn:problem-type:account-deleted"
        assert call(name)["statusCode"] == 410
    assert body_of(call("list_users"))["items"] == []


@pytest.mark.usefixtures("migrated_settings")
def test_deleting_an_account_that_has_no_row_yet(call: Call) -> None:
    assert call("delete_me")["statusCode"] == 204
    assert call("get_me")["statusCode"] == 410
