"""Pages of users, from a real MariaDB."""

from datetime import timedelta

import pytest

from lib.database import Database
from lib.users import InvalidCursorError, InvalidUserError, create_user, list_users
from tests.integration.people import NOON, make_ada, make_users, subs_of


class TestList:
    def test_pages_have_everybody_once_newest_first(self, database: Database) -> None:
        subs = make_users(database, 7)
        seen: list[str] = []
        cursor = None
        for _ in range(3):
            page = list_users(database, limit=3, cursor=cursor)
            seen += subs_of(page)
            cursor = page.next_cursor
        assert (seen, cursor) == (subs[::-1], None)

    def test_a_full_last_page_has_no_cursor(self, database: Database) -> None:
        make_users(database, 3)
        assert list_users(database, limit=3).next_cursor is None

    def test_users_made_meanwhile_move_nobody(self, database: Database) -> None:
        """With an offset, one would come twice."""
        subs = make_users(database, 4)
        first = list_users(database, limit=2)
        make_ada(database, now=NOON + timedelta(1))
        second = list_users(database, limit=2, cursor=first.next_cursor)
        assert subs_of(first) + subs_of(second) == subs[::-1]

    def test_users_of_the_same_moment_are_told_apart(self, database: Database) -> None:
        subs = [f"{index:08}-0000-4000-8000-000000000000" for index in range(5)]
        for sub in subs:
            create_user(database, sub=sub, email=None, name=None, now=NOON)
        first = list_users(database, limit=3)
        second = list_users(database, limit=3, cursor=first.next_cursor)
        assert subs_of(first) + subs_of(second) == subs[::-1]

    @pytest.mark.parametrize(
        ("prefix", "expected"),
        [
            ("a", ["A_B@x.org", "a%b@x.org", "a|b@x.org", "aéb@x.org"]),
            ("A_", ["A_B@x.org"]),
            ("a%", ["a%b@x.org"]),
            ("a|", ["a|b@x.org"]),
            ("ae", []),
            ("ae\N{COMBINING ACUTE ACCENT}", ["aéb@x.org"]),
            ("aÉ", ["aéb@x.org"]),
            ("", ["A_B@x.org", "a%b@x.org", "a|b@x.org", "aéb@x.org"]),
            ("b@x.org", []),
        ],
    )
    def test_prefix(self, database: Database, prefix: str, expected: list[str]) -> None:
        """LIKE's wildcards stand for themselves; case doesn't matter, accents do."""
        for index, email in enumerate(["A_B@x.org", "a%b@x.org", "a|b@x.org", "aéb@x.org"]):
            create_user(database, sub=f"{index}", email=email, name=None, now=NOON - timedelta(index))
        assert [user.email for user in list_users(database, email_prefix=prefix).users] == expected

    @pytest.mark.parametrize(
        "cursor",
        ["x", "....", "MTIz", "MTIzIGE gYg", "eCB5", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSBh", "\N{BULLET}", "w6k"],
    )
    def test_a_made_up_cursor_is_refused(self, database: Database, cursor: str) -> None:
        with pytest.raises(InvalidCursorError, match=r"^the cursor is not one that a list has given$"):
            list_users(database, cursor=cursor)

    def test_a_prefix_that_is_not_text_is_refused(self, database: Database) -> None:
        with pytest.raises(InvalidUserError, match=r"^email is not valid text$"):
            list_users(database, email_prefix="\ud83d")

    @pytest.mark.parametrize("limit", [0, 201])
    def test_a_limit_out_of_range_is_a_mistake_of_the_caller(self, database: Database, limit: int) -> None:
        with pytest.raises(ValueError, match=f"^limit is {limit}; use 1 to 200$"):
            list_users(database, limit=limit)

    def test_each_page_reads_its_own_rows_only(self, database: Database) -> None:
        """The index is read backwards from the cursor on; nothing is sorted or skipped."""
        make_users(database, 300)
        cursor = None
        for _ in range(20):
            cursor = list_users(database, limit=10, cursor=cursor).next_cursor
        statistics = database.run(
            lambda transaction: transaction.rows("SHOW SESSION STATUS LIKE 'Handler_read%'"), idempotent=True
        )
        reads = {row["Variable_name"]: int(row["Value"]) for row in statistics if row["Value"] != "0"}
        # 300 to make the users; for each page, one to find the place and the 11 rows from there
        assert reads == {"Handler_read_key": 319, "Handler_read_last": 1, "Handler_read_prev": 219}
