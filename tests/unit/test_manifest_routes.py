"""Route templates of HTTP APIs."""

import re

import pytest

from toolchain.manifest.routes import PATTERN, check_path, parameters, shape


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "$default",
        "/users",
        "/users/{id}",
        "/users/{user_id}/files/{proxy+}",
        "/{proxy+}",
        "/.well-known/jwks.json",
        "/v1.2/things:search",
    ],
)
def test_valid_paths(path: str) -> None:
    """The pattern that editors check is as wide as the check here."""
    assert check_path(path) == path
    assert re.fullmatch(PATTERN, path)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "start it with /, or use $default for everything no route matches"),
        ("users", "start it with /, or use $default for everything no route matches"),
        ("/users/", "leave out the slash at the end; API Gateway refuses it"),
        ("/users//{id}", "write one slash between two segments"),
        ("/{proxy+}/users", "move {proxy+} to the end; it takes all the rest of the path"),
        (
            "/users/{id}.json",
            "'{id}.json' is not a parameter; one fills a whole segment, such as {id} or {proxy+}",
        ),
        ("/users/{id", "'{id' is not a parameter; one fills a whole segment, such as {id} or {proxy+}"),
        ("/users/{}", "'{}' is not a parameter; one fills a whole segment, such as {id} or {proxy+}"),
        ("/users/{1st}", "'{1st}' is not a parameter; one fills a whole segment, such as {id} or {proxy+}"),
        ("/users/*", "use letters, digits and . _ ~ : @ - in '*'"),
        ("/a b", "use letters, digits and . _ ~ : @ - in 'a b'"),
        ("/users?id=1", "use letters, digits and . _ ~ : @ - in 'users?id=1'"),
        ("/{id}/{id}", "name each parameter once; 'id' is there 2 times"),
    ],
)
def test_invalid_paths(path: str, problem: str) -> None:
    """Each says what to write instead."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        check_path(path)


def test_parameters_and_shape() -> None:
    """Two routes of one shape match the same requests, whatever their parameters are called."""
    assert parameters("/users/{id}/files/{proxy+}") == ("id", "proxy")
    assert shape("/users/{id}/files/{proxy+}") == shape("/users/{user}/files/{rest+}")
    assert shape("/users/{id}") != shape("/users/{id+}")
