"""Changes of one's own profile."""

import pytest

from tests.integration.functions.calls import Call, Sample, body_of, with_body


@pytest.mark.usefixtures("migrated_settings")
def test_changing_my_profile(call: Call, sample: Sample) -> None:
    """A merge patch: absent stays, null removes; twice is the same as once."""
    call("create_user")
    for _ in range(2):
        answer = call("update_me")
        assert answer["statusCode"] == 200
        assert (body_of(answer)["name"], body_of(answer)["locale"]) == ("Ada King", "en-GB")
    assert body_of(call("update_me", "remove_name"))["name"] is None
    unchanged = body_of(call("update_me", event=with_body(sample("update_me"), {})))
    assert (unchanged["name"], unchanged["locale"]) == (None, "en-GB")


@pytest.mark.usefixtures("migrated_settings")
def test_changes_that_break_the_rules(call: Call, sample: Sample) -> None:
    answer = call("update_me", event=with_body(sample("update_me"), {"name": " ", "locale": "english!"}))
    assert body_of(answer) == {
        "type": "urn:problem-type:invalid-request",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "2 of the values can't be accepted.",
        "instance": "JKJaXmPLvHcESHA=",
        "errors": [
            {"detail": "locale is not a language tag such as en-GB", "pointer": "#/locale"},
            {"detail": "name is empty; use null to remove it", "pointer": "#/name"},
        ],
    }
