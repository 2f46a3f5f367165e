"""Lists of users: pages, and queries."""

import pytest

from tests.integration.functions.calls import Call, Sample, body_of


def _sign_up(call: Call, sample: Sample, number: int) -> None:
    event = sample("create_user")
    event["request"]["userAttributes"] |= {
        "sub": f"{number:08}-0000-4000-8000-000000000000",
        "email": f"Ada{number}@example.com",
    }
    call("create_user", event=event)


@pytest.mark.usefixtures("migrated_settings")
def test_listing_users_in_pages(call: Call, sample: Sample) -> None:
    """Each page has the query of the one after it, but for the cursor."""
    for number in range(5):
        _sign_up(call, sample, number)
    found: list[str] = []
    cursor = ""
    for size in (2, 2, 1):
        event = {**sample("list_users"), "rawQueryString": f"limit=2&email_prefix=ADA{cursor}"}
        page = body_of(call("list_users", event=event))
        assert len(page["items"]) == size
        found += [user["email"] for user in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert page["next"] is None
    assert found == [f"Ada{number}@example.com" for number in (4, 3, 2, 1, 0)]


@pytest.mark.usefixtures("migrated_settings")
@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=0", "Input should be greater than or equal to 1"),
        ("limit=201", "Input should be less than or equal to 200"),
        ("cursor=bm9uc2Vuc2U", "The cursor is not one that this list gave."),
        ("email_prefix=", "String should have at least 1 character"),
        ("prefix=ada", "Extra inputs are not permitted"),
    ],
)
def test_listing_users_with_a_wrong_query(call: Call, sample: Sample, query: str, detail: str) -> None:
    answer = call("list_users", event={**sample("list_users"), "rawQueryString": query})
    assert (answer["statusCode"], body_of(answer)["detail"]) == (400, detail)


@pytest.mark.usefixtures("migrated_settings")
def test_a_wildcard_is_a_character_of_an_e_mail(call: Call, sample: Sample) -> None:
    _sign_up(call, sample, 1)
    for prefix in ("%25", "_da", "a%25"):
        event = {**sample("list_users"), "rawQueryString": f"email_prefix={prefix}"}
        assert body_of(call("list_users", event=event))["items"] == []
