"""Users in a real MariaDB."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import override

import pytest
from pymysql.connections import Connection

from lib.database import Database, Transaction
from lib.settings import DatabaseSettings
from lib.users import (
    Creation,
    InvalidUserError,
    Page,
    User,
    UserChanges,
    UserDeletedError,
    UserNotFoundError,
    create_user,
    get_or_create,
    get_user,
    list_users,
    mark_deleted,
    purge_deleted,
    update_user,
)
from tests.integration.people import ADA, NOON, make_ada, make_users, subs_of

EVE = "00000000-0000-4000-8000-000000000eee"

VERIFIED = {"sub": ADA, "email": "ada@example.net", "email_verified": "true"}


class InterruptedDatabase(Database):
    """A database in which something happens between the first work and the second."""

    def __init__(self, settings: DatabaseSettings, meanwhile: Callable[[], object]) -> None:
        super().__init__(settings)
        self._meanwhile = iter([lambda: None, meanwhile])

    @override
    def run[T](self, work: Callable[[Transaction], T], *, idempotent: bool) -> T:
        next(self._meanwhile, lambda: None)()
        return super().run(work, idempotent=idempotent)


def test_a_user_is_made_as_given(database: Database) -> None:
    """All fields come back as they went in, with microseconds and the zone."""
    assert make_ada(database) == Creation(
        User(
            sub=ADA,
            email="Ada@Example.com",
            name="Ada Lovelace",
            locale=None,
            created_at=NOON,
            updated_at=NOON,
            deleted_at=None,
        ),
        created=True,
    )


def test_a_second_creation_changes_nothing(database: Database) -> None:
    """Cognito calls a trigger up to three times."""
    first = make_ada(database)
    second = create_user(database, sub=ADA, email="other@example.com", name="Other", now=NOON + timedelta(1))
    assert second == Creation(first.user, created=False)
    assert get_user(database, ADA) == first.user


def test_another_sub_with_the_same_email_is_another_user(database: Database) -> None:
    """Whoever signs up with somebody's address replaces nothing and gets nothing."""
    ada = make_ada(database).user
    eve = create_user(database, sub=EVE, email="ada@example.com", name="Eve", now=NOON)
    assert eve.created
    assert get_user(database, ADA) == ada
    assert get_user(database, EVE).name == "Eve"


def test_a_deleted_user_frees_the_email(database: Database) -> None:
    """Cognito gives somebody who signs up again a new sub."""
    make_ada(database)
    mark_deleted(database, ADA, now=NOON)
    again = create_user(database, sub=EVE, email="ada@example.com", name="Ada", now=NOON)
    assert again.created
    assert subs_of(list_users(database, email_prefix="ada@")) == [EVE]


def test_a_creation_of_a_deleted_user_does_not_bring_it_back(database: Database) -> None:
    """A trigger that is retried late finds the user as it is."""
    make_ada(database)
    mark_deleted(database, ADA, now=NOON + timedelta(1))
    assert make_ada(database).user.deleted_at == NOON + timedelta(1)


def test_fifty_at_once_make_one_row(open_database: Callable[[], Database], connection: Connection) -> None:
    """A sign-up, its retries and the first requests may all come at once, each in a container of its own."""
    databases = [open_database() for _ in range(50)]
    with ThreadPoolExecutor(50) as pool:
        creations = list(pool.map(make_ada, databases))
    assert sum(creation.created for creation in creations) == 1
    assert len({creation.user for creation in creations}) == 1
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT sub FROM users") == 1


def test_fifty_at_once_add_the_missing_email(open_database: Callable[[], Database]) -> None:
    """Rows locked by failed INSERTs must not make the following UPDATEs a deadlock."""
    create_user(open_database(), sub=ADA, email=None, name=None, now=NOON)
    databases = [open_database() for _ in range(50)]
    with ThreadPoolExecutor(50) as pool:
        creations = list(pool.map(make_ada, databases))
    assert {creation.user.email for creation in creations} == {"Ada@Example.com"}
    assert {creation.created for creation in creations} == {False}


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("用户@例子.广告", "王小明"),
        ("πλ@example.com", "👩🏽‍🚀 Ada 🤖"),
        ("x@example.com", "Zoë O'Brien \\ % _ \" `"),
    ],
)
def test_any_script_is_kept(database: Database, email: str, name: str) -> None:
    """utf8mb4 all the way: a family emoji has 25 bytes."""
    create_user(database, sub=ADA, email=email, name=name, now=NOON)
    user = get_user(database, ADA)
    assert (user.email, user.name) == (email, name)
    assert subs_of(list_users(database, email_prefix=email[:2])) == [ADA]


def test_an_email_of_the_longest_allowed_length_is_kept(database: Database) -> None:
    """The form that is searched for may be twice as long: U+0130 in lower case is two characters."""
    email = "İ" * 254
    assert create_user(database, sub=ADA, email=email, name="n" * 2048, now=NOON).user.email == email
    assert subs_of(list_users(database, email_prefix="İİ")) == [ADA]


class TestGetOrCreate:
    def test_makes_the_user_from_an_access_token(self, database: Database) -> None:
        """An access token has neither e-mail nor name."""
        user = get_or_create(database, {"sub": ADA, "username": ADA}, now=NOON)
        assert (user.sub, user.email, user.name, user.created_at) == (ADA, None, None, NOON)

    def test_finds_the_user_that_is_there(self, database: Database) -> None:
        ada = make_ada(database).user
        assert get_or_create(database, {"sub": ADA}, now=NOON + timedelta(1)) == ada

    def test_adds_a_verified_email_that_is_missing(self, database: Database) -> None:
        get_or_create(database, {"sub": ADA}, now=NOON)
        claims = {"sub": ADA, "email": "ada@example.com", "email_verified": "true"}
        later = NOON + timedelta(1)
        user = get_or_create(database, claims, now=later)
        assert (user.email, user.updated_at) == ("ada@example.com", later)

    def test_replaces_an_email_that_was_changed_in_the_pool(self, database: Database) -> None:
        """What is searched for changes with it; the same e-mail again changes nothing."""
        make_ada(database)
        later = NOON + timedelta(1)
        user = get_or_create(database, VERIFIED, now=later)
        assert (user.email, user.updated_at) == ("ada@example.net", later)
        assert subs_of(list_users(database, email_prefix="ada@example.net")) == [ADA]
        assert get_or_create(database, VERIFIED, now=later + timedelta(1)) == user

    def test_refuses_an_email_that_is_too_long(self, database: Database) -> None:
        make_ada(database)
        with pytest.raises(InvalidUserError, match=r"^email is longer than 254 characters$"):
            get_or_create(database, {**VERIFIED, "email": "e" * 255}, now=NOON)

    @pytest.mark.parametrize("before", [None, "Ada@Example.com"])
    def test_leaves_an_email_that_another_has_just_set(
        self, migrated_settings: DatabaseSettings, database: Database, before: str | None
    ) -> None:
        create_user(database, sub=ADA, email=before, name=None, now=NOON)
        other = {**VERIFIED, "email": "other@example.com"}
        meanwhile = partial(get_or_create, database, other, now=NOON)
        with closing(InterruptedDatabase(migrated_settings, meanwhile)) as interrupted:
            assert get_or_create(interrupted, VERIFIED, now=NOON).email == "other@example.com"

    def test_leaves_a_user_who_has_just_been_deleted(
        self, migrated_settings: DatabaseSettings, database: Database, connection: Connection
    ) -> None:
        """Nothing is written to the row of a user who is gone."""
        create_user(database, sub=ADA, email=None, name=None, now=NOON)
        meanwhile = partial(mark_deleted, database, ADA, now=NOON)
        interrupted = InterruptedDatabase(migrated_settings, meanwhile)
        with closing(interrupted), pytest.raises(UserDeletedError):
            get_or_create(interrupted, VERIFIED, now=NOON)
        with connection.cursor() as cursor:
            cursor.execute("SELECT email, email_key FROM users")
            assert cursor.fetchall() == ((None, None),)

    @pytest.mark.parametrize("verified", ["false", False, None])
    def test_leaves_out_an_email_that_is_not_verified(self, database: Database, verified: object) -> None:
        """Anyone can sign up with any address."""
        claims = {"sub": ADA, "email": "ada@example.com", "email_verified": verified}
        assert get_or_create(database, claims, now=NOON).email is None

    def test_refuses_a_deleted_user(self, database: Database) -> None:
        """Tokens outlive the account by up to an hour, or a day."""
        make_ada(database)
        mark_deleted(database, ADA, now=NOON)
        with pytest.raises(UserDeletedError):
            get_or_create(database, {"sub": ADA}, now=NOON)


class TestUpdate:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"name": "Augusta"}, ("Augusta", "en-GB")),
            ({"locale": "fr"}, ("Ada Lovelace", "fr")),
            ({"name": None}, (None, "en-GB")),
            ({"name": None, "locale": None}, (None, None)),
        ],
    )
    def test_only_given_fields_change(
        self, database: Database, changes: UserChanges, expected: tuple[str | None, str | None]
    ) -> None:
        """Absent is not the same as null (RFC 7396)."""
        make_ada(database)
        update_user(database, ADA, {"locale": "en-GB"}, now=NOON)
        later = NOON + timedelta(hours=1)
        user = update_user(database, ADA, changes, now=later)
        assert (user.name, user.locale) == expected
        assert (user.email, user.created_at, user.updated_at) == ("Ada@Example.com", NOON, later)

    def test_no_change_leaves_the_time(self, database: Database) -> None:
        ada = make_ada(database).user
        assert update_user(database, ADA, {}, now=NOON + timedelta(1)) == ada

    def test_the_same_again_succeeds(self, database: Database) -> None:
        """MySQL counts rows that it changed; a client that repeats itself must not get a 404."""
        make_ada(database)
        for _ in range(2):
            assert update_user(database, ADA, {"name": "Ada"}, now=NOON).name == "Ada"

    @pytest.mark.parametrize("changes", [{}, {"name": "Ada"}])
    def test_a_user_who_is_not_there_is_not_found(self, database: Database, changes: UserChanges) -> None:
        with pytest.raises(UserNotFoundError):
            update_user(database, ADA, changes, now=NOON)
        make_ada(database)
        mark_deleted(database, ADA, now=NOON)
        with pytest.raises(UserNotFoundError):
            update_user(database, ADA, changes, now=NOON)


class TestMarkDeleted:
    def test_hides_the_user(self, database: Database) -> None:
        make_ada(database)
        mark_deleted(database, ADA, now=NOON)
        with pytest.raises(UserNotFoundError):
            get_user(database, ADA)
        assert list_users(database) == Page((), None)

    def test_a_second_time_keeps_the_first(self, database: Database) -> None:
        make_ada(database)
        mark_deleted(database, ADA, now=NOON)
        mark_deleted(database, ADA, now=NOON + timedelta(1))
        assert make_ada(database).user.deleted_at == NOON

    def test_of_nobody_is_not_found(self, database: Database) -> None:
        with pytest.raises(UserNotFoundError):
            mark_deleted(database, ADA, now=NOON)


def test_purge_removes_those_marked_long_ago(database: Database, connection: Connection) -> None:
    """In batches; users who are not marked deleted are never touched."""
    subs = make_users(database, 9)
    for days, sub in enumerate(subs[:7]):
        mark_deleted(database, sub, now=NOON - timedelta(days=days))
    assert purge_deleted(database, older_than=timedelta(days=2), now=NOON, batch_size=2) == 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT sub FROM users ORDER BY sub")
        assert [sub for (sub,) in cursor.fetchall()] == [*subs[:3], *subs[7:]]


def test_a_purged_user_may_come_again(database: Database) -> None:
    """On purpose, with an account in the pool."""
    make_ada(database)
    mark_deleted(database, ADA, now=NOON)
    day = timedelta(days=1)
    assert purge_deleted(database, older_than=day, now=NOON + day) == 0
    assert not make_ada(database).created
    assert purge_deleted(database, older_than=day, now=NOON + day + timedelta(seconds=1)) == 1
    assert make_ada(database).created


def test_a_purge_leaves_nothing_that_comes_late_a_chance(database: Database) -> None:
    """Neither an event that is delivered again nor a token from before outlives the marked row."""
    with pytest.raises(ValueError, match="older_than is 23:59:59; use 1 day, 0:00:00 or more"):
        purge_deleted(database, older_than=timedelta(days=1, seconds=-1), now=NOON)
