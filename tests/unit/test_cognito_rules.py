"""Rules of Cognito that need no server: stores that forget, limits, attributes, claims, filters."""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import pytest

from toolchain.local.cognito.attempts import Limits, Lockout
from toolchain.local.cognito.attributes import is_email, is_phone_number
from toolchain.local.cognito.delivery import delivery_details
from toolchain.local.cognito.errors import (
    CognitoError,
    InvalidParameterError,
    LimitExceededError,
    NotAuthorizedError,
    SerializationError,
)
from toolchain.local.cognito.once import OnceStore
from toolchain.local.cognito.operations.list_users import parse_filter
from toolchain.local.cognito.pool import Client, Group, Pool
from toolchain.local.cognito.registration import new_user
from toolchain.local.cognito.request import Request
from toolchain.local.cognito.srp import Verifier
from toolchain.local.cognito.tokens.claims import apply_changes, attribute_claims
from toolchain.local.cognito.tokens.lifetimes import lifetime
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.cognito.triggers.tokens import Changes, Groups
from toolchain.local.cognito.user import SoftwareToken, User, dump, load, logins
from toolchain.local.invocation import Invocation, InvocationError, TooManyRequestsError

USER = User(
    pool_id="eu-west-1_abcdefghi",
    username="ada",
    status="CONFIRMED",
    attributes={"sub": "5d1e8a3c", "email": "Ada@example.com", "email_verified": "true", "name": "Ada"},
    created_at=1.0,
    modified_at=2.0,
)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def pool(**settings: Any) -> Pool:  # noqa: ANN401  CreateUserPool's arguments
    return Pool("eu-west-1_abcdefghi", "eu-west-1", settings)


def test_kept_thing_is_taken_once() -> None:
    store: OnceStore[str] = OnceStore(Clock())
    name = store.put("value", 10)
    assert (store.take(name), store.take(name), store.take("other")) == ("value", None, None)


def test_kept_thing_expires_and_is_forgotten() -> None:
    clock = Clock()
    store: OnceStore[str] = OnceStore(clock)
    first = store.put("value", 10)
    clock.now += 10
    assert store.take(first) is None
    store.put("value", 10, "kept")
    clock.now += 11
    store.put("other", 10)
    assert store.take("kept") is None


@pytest.mark.parametrize(
    ("moved_seconds", "value"),
    [(0.0, "value"), (9.999, "value"), (10.0, None), (-0.5, "value"), (-9.999, "value"), (-10.0, None)],
)
def test_kept_thing_when_the_clock_was_moved(moved_seconds: float, value: str | None) -> None:
    """Put back by more than its time, it has expired, too, rather than to be good for the difference."""
    clock = Clock()
    store: OnceStore[str] = OnceStore(clock)
    name = store.put("value", 10)
    clock.now += moved_seconds
    assert store.take(name) == value


def test_kept_things_from_before_the_clock_was_put_back_are_forgotten() -> None:
    """Or a day's worth of them would stay until the clock is there again."""
    clock = Clock(100_000.0)
    store: OnceStore[str] = OnceStore(clock)
    for _ in range(100):
        store.put("value", 10)
    clock.now -= 86_400
    for _ in range(100):
        clock.now += 1
        store.put("value", 10)
    assert len(store._kept) <= 10  # noqa: SLF001  what is not kept can't be seen otherwise


@pytest.mark.parametrize(("failures", "seconds"), [(4, 0), (5, 1), (6, 2), (10, 32), (15, 900), (40, 900)])
def test_lockout_doubles_up_to_fifteen_minutes(failures: int, seconds: int) -> None:
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(failures):
        lockout.fail(USER)
    clock.now += max(0, seconds - 0.5)
    if seconds:
        with pytest.raises(NotAuthorizedError, match="Password attempts exceeded"):
            lockout.check(USER)
    clock.now += 0.5
    lockout.check(USER)


def test_lockout_is_forgotten_after_fifteen_quiet_minutes() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(9):
        lockout.fail(USER)
    clock.now += 901
    lockout.fail(USER)
    lockout.check(USER)


@pytest.mark.parametrize("moved_seconds", [-86_400.0, -901.0])
def test_lockout_ends_though_the_clock_was_put_back(moved_seconds: float) -> None:
    """At once, rather than when the clock is there again; and the next mistake is the first."""
    clock = Clock(1_000_000.0)
    lockout = Lockout(clock)
    for _ in range(15):
        lockout.fail(USER)
    clock.now += moved_seconds
    lockout.check(USER)
    lockout.fail(USER)
    lockout.check(USER)


def test_a_step_back_does_not_end_a_lockout() -> None:
    """Clocks are corrected by parts of a second all the time."""
    clock = Clock()
    lockout = Lockout(clock)
    for _ in range(6):
        lockout.fail(USER)
    clock.now -= 0.5
    with pytest.raises(NotAuthorizedError):
        lockout.check(USER)


@pytest.mark.parametrize("moved_seconds", [-3600.0, -86_400.0, 3600.0])
def test_limits_end_when_the_clock_was_moved(moved_seconds: float) -> None:
    clock = Clock(1_000_000.0)
    limits = Limits(clock)
    for _ in range(20):
        limits.count_code(USER, "sign_up")
        limits.count_guess(USER, "sign_up")
    clock.now += moved_seconds
    limits.check_guesses(USER, "sign_up")
    limits.count_code(USER, "sign_up")


def test_limits_forget_what_no_longer_matters() -> None:
    """A million sign-ups leave no trace; within the hour, all count."""
    clock = Clock()
    limits = Limits(clock)
    for number in range(25_000):
        clock.now += 1
        limits.count_code(replace(USER, username=f"user{number}"), "sign_up")
    for _ in range(19):
        limits.count_code(replace(USER, username="user24999"), "sign_up")
    with pytest.raises(LimitExceededError):
        limits.count_code(replace(USER, username="user24999"), "sign_up")
    assert len(limits._times) < 10_000  # noqa: SLF001  what is not kept can't be seen otherwise


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"ada": "username"}),
        ({"UsernameAttributes": ["email"]}, {"ada": "username", "Ada@example.com": "email"}),
        ({"AliasAttributes": ["email"]}, {"ada": "username", "Ada@example.com": "email"}),
        ({"AliasAttributes": ["phone_number"]}, {"ada": "username"}),
        (
            {"AliasAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}},
            {"ada": "username", "ada@example.com": "email"},
        ),
    ],
)
def test_names_to_sign_in_with(settings: dict[str, Any], expected: dict[str, str]) -> None:
    assert logins(pool(**settings), USER) == expected


def test_user_is_the_same_after_the_store() -> None:
    user = User(
        **{name: getattr(USER, name) for name in ("pool_id", "username", "status", "attributes")},
        created_at=1.5,
        modified_at=2.5,
        password=Verifier(2**127, 2**3071),
        software_token=SoftwareToken("SECRET", is_verified=True, name="phone", last_step=5),
        pending={"email": "new@example.com"},
    )
    assert load(dump(user)) == user


@pytest.mark.parametrize(
    ("settings", "name", "message"),
    [
        ({"UsernameAttributes": ["email"]}, "ada", "Username should be an email."),
        ({"UsernameAttributes": ["phone_number"]}, "a@b.de", "Username should be a phone number."),
        (
            {"UsernameAttributes": ["phone_number", "email"]},
            "ada",
            "Username should be either an email or a phone number.",
        ),
        (
            {"AliasAttributes": ["email"]},
            "ada@example.com",
            "Username cannot be of email format, since user pool is configured for email alias.",
        ),
        (
            {},
            "two words",
            (
                "1 validation error detected: Value at 'username' failed to satisfy constraint:"
                " Member must have 1 to 128 characters, and no spaces"
            ),
        ),
    ],
)
def test_username_is_refused(settings: dict[str, Any], name: str, message: str) -> None:
    with pytest.raises(InvalidParameterError) as error:
        new_user(pool(**settings), name, {}, "UNCONFIRMED", 0.0)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "email", "phone"),
    [
        ("ada@example.com", True, False),
        ("ada+tag@sub.example.co", True, False),
        ("ada@example", False, False),
        ("a b@example.com", False, False),
        ("<ada@example.com>", False, False),
        ("+15555550100", False, True),
        ("15555550100", False, False),
        ("+1-555", False, False),
    ],
)
def test_addresses_are_told_apart(text: str, email: bool, phone: bool) -> None:  # noqa: FBT001  columns
    assert (is_email(text), is_phone_number(text)) == (email, phone)


def test_destinations_are_masked() -> None:
    assert delivery_details("phone_number", "+15555550100")["Destination"] == "+*******0100"


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({}, 3600),
        ({"AccessTokenValidity": 5}, 18000),
        ({"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}}, 300),
        ({"TokenValidityUnits": {"IdToken": "seconds"}}, 3600),
    ],
)
def test_lifetime_has_the_unit_of_the_client(settings: dict[str, Any], seconds: int) -> None:
    assert lifetime(Client("id", settings=settings), "AccessToken") == seconds


@pytest.mark.parametrize(
    ("scopes", "names"),
    [
        (("aws.cognito.signin.user.admin",), {"sub", "email", "email_verified", "name"}),
        (("openid",), {"sub", "email", "email_verified", "name"}),
        (("openid", "email"), {"email", "email_verified"}),
        (("openid", "profile"), {"name"}),
        (("openid", "phone"), set()),
    ],
)
def test_scopes_stand_for_attributes(scopes: tuple[str, ...], names: set[str]) -> None:
    assert attribute_claims(Client("id"), USER, scopes).keys() == names


def test_protected_claims_stay() -> None:
    claims = {"sub": "1", "email": "a", "cognito:username": "ada"}
    changes = Changes({"sub": "2", "dev:x": "3", "tenant": "4"}, ["cognito:username", "email"])
    assert apply_changes(claims, changes) == {"sub": "1", "cognito:username": "ada", "tenant": "4"}


def test_preferred_role_is_that_of_the_most_important_group() -> None:
    groups = sorted(
        [Group("b", "role-b"), Group("c", "role-c", 5), Group("a", None, 1)], key=lambda g: g.rank
    )
    assert Groups.of(groups) == Groups(["a", "c", "b"], ["role-c", "role-b"], "role-c")


@pytest.mark.parametrize(
    ("settings", "flows"),
    [
        ({}, {"ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}),
        ({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}, {"ALLOW_USER_SRP_AUTH"}),
        (
            {"ExplicitAuthFlows": ["CUSTOM_AUTH_FLOW_ONLY"]},
            {"ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"},
        ),
    ],
)
def test_flows_of_a_client(settings: dict[str, Any], flows: set[str]) -> None:
    assert Client("id", settings=settings).flows == flows


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ('name = "Ada"', True),
        ('name="Ada"', True),
        ('"name" ^= "A"', True),
        ('name = "ada"', False),
        ('status = "Enabled"', True),
        ('status = "enabled"', False),
        ('cognito:user_status = "CONFIRMED"', True),
        ('cognito:user_status = "confirmed"', True),
        ('cognito:user_status ^= "conf"', True),
        ('cognito:user_status = "unconfirmed"', False),
        ('sub = "5d1e8a3c"', True),
        ('given_name ^= "A"', False),
        (r'name = "A\da"', True),
    ],
)
def test_filter_finds_users(text: str, matches: bool) -> None:  # noqa: FBT001  a column
    assert parse_filter(text)(USER) is matches


@pytest.mark.parametrize("text", ["name", "name = Ada", 'name > "A"', 'name = "A" or', 'custom:x = "1"'])
def test_filter_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterError):
        parse_filter(text)


@pytest.mark.parametrize(
    ("members", "read", "message"),
    [
        (
            {},
            lambda r: r.text("ClientId"),
            (
                "1 validation error detected: Value at 'clientId' failed to satisfy constraint:"
                " Member must not be null"
            ),
        ),
        ({"ClientId": 5}, lambda r: r.text("ClientId"), "ClientId is not a string"),
        ({"Flag": "yes"}, lambda r: r.flag("Flag"), "Flag is not true or false"),
        ({"Limit": True}, lambda r: r.limit("Limit", 60), "Limit is not a number"),
        ({"Map": {"a": 1}}, lambda r: r.mapping("Map"), "Map is not a mapping of strings"),
        ({"List": "a"}, lambda r: r.texts("List"), "List is not a list of strings"),
        ({"List": [1]}, lambda r: r.attributes("List"), "List is not a list of attributes"),
        ({"Part": 1}, lambda r: r.member("Part"), "Part is not a structure"),
    ],
)
def test_member_that_is_wrong_is_named(members: dict[str, Any], read: Any, message: str) -> None:  # noqa: ANN401  a lambda
    with pytest.raises((InvalidParameterError, SerializationError)) as error:
        read(Request(members))
    assert str(error.value) == message


def test_every_error_has_its_code() -> None:
    """The map in the module's docstring is complete; pages have errors of their own, which no client gets."""
    from toolchain.local.cognito import errors

    import_module("toolchain.local.cognito.hosted_ui")
    listed = dict(
        line.replace("├──", "").replace("└──", "").split()[:2]
        for line in (errors.__doc__ or "").splitlines()
        if "──" in line
    )
    assert listed == {
        kind.__name__: kind.code
        for kind in CognitoError.__subclasses__()
        if kind.__module__ == errors.__name__
    }


@dataclass
class BusyFunctions:
    """Refuses as often as it is told to, then returns the event."""

    refusals: list[InvocationError | TimeoutError]
    timeouts: list[float]

    def invoke(self, name: str, payload: bytes, timeout_seconds: float) -> Invocation:
        assert name == "arn"
        self.timeouts.append(timeout_seconds)
        if self.refusals:
            raise self.refusals.pop()
        return Invocation("id", payload)


@pytest.mark.parametrize(("refusals", "succeeds"), [(0, True), (2, True), (3, False)])
def test_trigger_has_three_attempts_of_five_seconds(refusals: int, succeeds: bool) -> None:  # noqa: FBT001  a column
    functions = BusyFunctions([TooManyRequestsError("ConcurrentInvocationLimitExceeded")] * refusals, [])
    call = Call(pool(LambdaConfig={"PreSignUp": "arn"}), "PreSignUp", "PreSignUp_SignUp", "ada", None, {}, {})
    if succeeds:
        assert Triggers(functions).fire(call) == {}
    else:
        with pytest.raises(CognitoError, match="failed due to error TooManyRequestsException"):
            Triggers(functions).fire(call)
    assert functions.timeouts == [5.0] * min(refusals + 1, 3)


def test_pool_without_a_trigger_calls_nothing() -> None:
    functions = BusyFunctions([], [])
    call = Call(pool(), "PreSignUp", "PreSignUp_SignUp", "ada", None, {}, {})
    assert Triggers(functions).fire(call) is None
    assert functions.timeouts == []
