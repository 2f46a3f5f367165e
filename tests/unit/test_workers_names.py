"""How callers may name functions, and what that means."""

from dataclasses import replace

import pytest

from tests.unit.workers_fakes import ACCOUNT, ARN, REGION, code_of
from toolchain.local.invocation import FunctionNotFoundError, InvalidParameterError
from toolchain.local.workers.event_settings import EventSettings
from toolchain.local.workers.names import Name, parse_name
from toolchain.local.workers.registry import Registry

_ALL = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:"


@pytest.mark.parametrize(
    ("text", "qualifier", "name"),
    [
        ("users", None, Name("users", None)),
        ("users:live", None, Name("users", "live")),
        ("users", "7", Name("users", "7")),
        ("users:7", "7", Name("users", "7")),
        ("users:$LATEST", None, Name("users", "$LATEST")),
        (f"{ACCOUNT}:function:users", None, Name("users", None, None, ACCOUNT)),
        (f"{_ALL}users", None, Name("users", None, REGION, ACCOUNT)),
        (f"{_ALL}users:live", None, Name("users", "live", REGION, ACCOUNT)),
    ],
)
def test_names(text: str, qualifier: str | None, name: Name) -> None:
    assert parse_name(text, qualifier) == name


@pytest.mark.parametrize(
    ("text", "qualifier", "message"),
    [
        ("", None, "'' is no name or ARN of a function"),
        ("a b", None, "'a b' is no name or ARN of a function"),
        ("users", "no way", "Qualifier 'no way' is no version or alias"),
        (
            "users:live",
            "7",
            "The derived qualifier from the function name does not match the specified qualifier.",
        ),
    ],
)
def test_what_is_no_name(text: str, qualifier: str | None, message: str) -> None:
    with pytest.raises(InvalidParameterError) as error:
        parse_name(text, qualifier)
    assert str(error.value) == message


@pytest.fixture
def registry() -> Registry:
    """`users` with two versions and an alias."""
    registry = Registry(REGION, ACCOUNT)
    for version in ("$LATEST", "1", "2"):
        registry.register(code_of("users", version=version))
    registry.point("users", "live", "1")
    return registry


@pytest.mark.parametrize(
    ("name", "qualifier", "version", "arn"),
    [
        ("users", None, "$LATEST", f"{ARN}users"),
        ("users:2", None, "2", f"{ARN}users:2"),
        (f"{ARN}users:live", None, "1", f"{ARN}users:live"),
        ("users", "live", "1", f"{ARN}users:live"),
    ],
)
def test_resolution(registry: Registry, name: str, qualifier: str | None, version: str, arn: str) -> None:
    """The function is told the ARN that was asked for, alias included."""
    target = registry.resolve(name, qualifier)
    assert (target.code.version, target.arn) == (version, arn)


@pytest.mark.parametrize(
    ("name", "qualifier", "arn"),
    [
        ("orders", None, f"{ARN}orders"),
        ("users", "3", f"{ARN}users:3"),
        (
            f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:users",
            None,
            f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:users",
        ),
        ("999999999999:function:users", None, f"arn:aws:lambda:{REGION}:999999999999:function:users"),
    ],
)
def test_what_is_not_there(registry: Registry, name: str, qualifier: str | None, arn: str) -> None:
    with pytest.raises(FunctionNotFoundError) as error:
        registry.resolve(name, qualifier)
    assert str(error.value) == f"Function not found: {arn}"


def test_changes_take_effect_at_once(registry: Registry) -> None:
    registry.resolve("users", "live")
    registry.point("users", "live", "2")
    assert registry.resolve("users", "live").code.version == "2"
    renewed = code_of("users", memory_mb=512)
    registry.register(renewed)
    assert registry.resolve("users").code is renewed
    assert registry.is_current(renewed)
    registry.remove("users", "live")
    with pytest.raises(FunctionNotFoundError):
        registry.resolve("users", "live")
    registry.remove("users")
    with pytest.raises(FunctionNotFoundError):
        registry.resolve("users")
    assert registry.arns() == []


def test_alias_of_a_version_that_is_not_there(registry: Registry) -> None:
    with pytest.raises(FunctionNotFoundError):
        registry.point("users", "next", "9")


def test_a_function_as_a_whole(registry: Registry) -> None:
    """Versions that are as they were are the same object: their instances go on."""
    kept = registry.resolve("users", "1").code
    latest = code_of("users", timeout_seconds=9)
    registry.replace("users", [latest, replace(kept), code_of("users", version="3")], {"next": "3"})
    assert registry.resolve("users", "1").code is kept
    assert registry.resolve("users").code is latest
    assert registry.resolve("users", "next").code.version == "3"
    with pytest.raises(FunctionNotFoundError):
        registry.resolve("users", "live")


def test_settings_of_asynchronous_calls(registry: Registry) -> None:
    """Each qualifier has its own, also if they mean one version."""
    settings = EventSettings(retries=0)
    registry.direct_events("users", {"live": settings})
    assert registry.resolve("users", "live").events == settings
    assert registry.resolve("users", "2").events == EventSettings()


def test_functions_of_another_region(registry: Registry) -> None:
    """By their ARNs; a name alone is of the registry's own region, and each has versions of its own."""
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:users"
    away = code_of("users", arn=arn)
    registry.replace(arn, [away], {"live": "$LATEST"})
    assert registry.resolve(f"{arn}:live").code is away
    assert registry.resolve("users", "live").code is not away
    assert registry.is_current(away)
    assert registry.arns() == [f"{ARN}users", arn]
    assert registry.place_of("users") == (ACCOUNT, REGION)
    registry.remove("users")
    assert registry.place_of("users") == (ACCOUNT, "us-east-1")
    with pytest.raises(FunctionNotFoundError):
        registry.resolve("users", "live")
