"""Codes and their messages: which is there first."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.unit.cognito_fakes import USER, Clock, pool
from toolchain.local.cognito.attempts import Limits
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.errors import NotSupportedLocallyError
from toolchain.local.cognito.store.codes import SIGN_UP, Codes
from toolchain.local.cognito.store.database import Database
from toolchain.local.cognito.store.inbox import Inbox, Message
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.invocation import Invocation

SENDING = Sending("SignUp", "email", "client")


class NoFunctions:
    def invoke(self, name: str, payload: bytes, timeout_seconds: float) -> Invocation:
        raise AssertionError(name, payload, timeout_seconds)


@dataclass
class Reader:
    """Whoever watches the inbox, and has read the code of each message at once."""

    codes: Codes
    clock: Clock
    is_failing: bool = False
    verified: list[str] = field(default_factory=list)

    def __call__(self, message: Message) -> None:
        if self.is_failing:
            raise BrokenPipeError
        self.verified.append(self.codes.check(USER, SIGN_UP, message.code, self.clock()))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "cognito.sqlite3")) as database:
        yield database


@pytest.fixture
def reader(database: Database) -> Reader:
    return Reader(Codes(database), Clock())


@pytest.fixture
def inbox(database: Database, reader: Reader) -> Inbox:
    return Inbox(database, reader)


@pytest.fixture
def delivery(inbox: Inbox, reader: Reader) -> Delivery:
    return Delivery(reader.codes, inbox, Limits(reader.clock), Triggers(NoFunctions()), reader.clock)


def test_a_code_works_as_soon_as_it_can_be_read(delivery: Delivery, reader: Reader) -> None:
    delivery.send_code(pool(), USER, SIGN_UP, SENDING)
    assert reader.verified == [USER.attributes["email"]]


def test_without_a_message_the_last_code_is_good(delivery: Delivery, inbox: Inbox, reader: Reader) -> None:
    delivery.send_code(pool(), USER, SIGN_UP, SENDING)
    linking = pool(VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"})
    with pytest.raises(NotSupportedLocallyError):
        delivery.send_code(linking, USER, SIGN_UP, SENDING)
    [message] = inbox.read()
    assert reader.codes.take(USER, SIGN_UP, message["code"], reader.clock())


def test_a_code_in_the_inbox_is_good_though_nobody_was_told(
    delivery: Delivery, inbox: Inbox, reader: Reader
) -> None:
    """The message was kept: the code in it must not be one that never works."""
    reader.is_failing = True
    with pytest.raises(BrokenPipeError):
        delivery.send_code(pool(), USER, SIGN_UP, SENDING)
    [message] = inbox.read()
    assert reader.codes.take(USER, SIGN_UP, message["code"], reader.clock())
