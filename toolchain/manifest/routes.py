"""Route templates of HTTP APIs: `/users/{id}`, `/files/{proxy+}`, `$default`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

import re

DEFAULT = "$default"
PATTERN = (
    r"^(\$default|/|(/([A-Za-z0-9._~:@-]+|\{[A-Za-z_][A-Za-z0-9_-]*\}))*(/\{[A-Za-z_][A-Za-z0-9_-]*\+\})?)$"
)

_LITERAL = re.compile(r"[A-Za-z0-9._~:@-]+")
_PARAMETER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_-]*)(\+?)\}")


def check_path(path: str) -> str:
    """The path itself when it is a valid template; otherwise a ValueError that says what to write."""
    if path in {DEFAULT, "/"}:
        return path
    if not path.startswith("/"):
        raise ValueError("start it with /, or use $default for everything no route matches")
    if path.endswith("/"):
        raise ValueError("leave out the slash at the end; API Gateway refuses it")
    segments = path[1:].split("/")
    for position, segment in enumerate(segments, start=1):
        _check_segment(segment, is_last=position == len(segments))
    _check_unique(parameters(path))
    return path


def _check_segment(segment: str, *, is_last: bool) -> None:
    if not segment:
        raise ValueError("write one slash between two segments")
    parameter = _PARAMETER.fullmatch(segment)
    if parameter and parameter[2] and not is_last:
        raise ValueError(f"move {segment} to the end; it takes all the rest of the path")
    if not parameter:
        _check_literal(segment)


def _check_literal(segment: str) -> None:
    if "{" in segment or "}" in segment:
        raise ValueError(
            f"{segment!r} is not a parameter; one fills a whole segment, such as {{id}} or {{proxy+}}"
        )
    if not _LITERAL.fullmatch(segment):
        raise ValueError(f"use letters, digits and . _ ~ : @ - in {segment!r}")


def _check_unique(names: tuple[str, ...]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"name each parameter once; {name!r} is there {names.count(name)} times")


def parameters(path: str) -> tuple[str, ...]:
    """The names of the parameters, in order.

    >>> parameters("/users/{id}/files/{proxy+}")
    ('id', 'proxy')
    """
    return tuple(match[1] for match in _PARAMETER.finditer(path))


def shape(path: str) -> str:
    """The template without the names: two routes of one shape match the same requests.

    >>> shape("/users/{id}/files/{proxy+}")
    '/users/{}/files/{+}'
    """
    return _PARAMETER.sub(r"{\2}", path)
