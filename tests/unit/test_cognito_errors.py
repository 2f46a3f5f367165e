"""What wrong requests are told, and the code that each error has."""

from importlib import import_module
from typing import Any

import pytest

from toolchain.local.cognito.errors import CognitoError, InvalidParameterError, SerializationError
from toolchain.local.cognito.request import Request


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
