"""Which route a request takes: the most specific one that has its method and its path.

    1. full match           GET /pets/dog/1, then GET /pets/dog/{id}
    2. greedy parameter     GET /pets/{proxy+}, then ANY /{proxy+}
    3. $default

A route for the method comes before ANY of the same path.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation

What that page leaves open:
- Which of two full matches is more specific: the one whose first difference is a literal segment. [U]
- `/users/` is not `/users`: routes cannot end in a slash, and HTTP APIs do not drop it (unlike REST APIs).
  `{proxy+}` takes it, with nothing in it, and so does `/{proxy+}` for `/`
  (github.com/storacha/w3infra/pull/166; aws-lambda-dotnet's LambdaTestTool-v2, which was written beside
  the real service). `{id}` is never empty. [U]
- `//users` is `/users`: slashes in front count as one (github.com/localstack/localstack/issues/8170).
- HEAD and OPTIONS are methods like others; GET answers neither.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from toolchain.local.http_api.routes import Route
from toolchain.manifest.routes import DEFAULT, parameters, shape

# "Valid values include", of $context.httpMethod.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Match(NamedTuple):
    """The route of a request, and the values of its path parameters (None: it has none)."""

    route: Route
    path_parameters: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class _Target:
    """A route with the names of its parameters; routes of one shape may name them differently."""

    route: Route
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Branch:
    """Routes of one shape, by method. A segment is a literal, or None for a parameter.

    Of a greedy branch, `segments` are those in front of the greedy parameter.
    """

    segments: tuple[str | None, ...]
    targets: dict[str, _Target] = field(default_factory=dict)

    def takes(self, parts: Sequence[str]) -> bool:
        return all(
            part == segment if segment is not None else part != ""
            for segment, part in zip(self.segments, parts, strict=False)
        )

    def match(self, method: str, parts: Sequence[str], *, is_greedy: bool = False) -> Match | None:
        target = self.targets.get(method) or self.targets.get("ANY")
        if target is None or not self.takes(parts):
            return None
        values = [part for segment, part in zip(self.segments, parts, strict=False) if segment is None]
        if is_greedy:
            values.append("/".join(parts[len(self.segments) :]))
        return Match(target.route, dict(zip(target.names, values, strict=True)))


class RouteTable:
    """Routes, arranged for finding the one of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._literal: dict[str, dict[str, Match]] = defaultdict(dict)
        self._default: Match | None = None
        full: dict[str, _Branch] = {}
        greedy: dict[str, _Branch] = {}
        for route in routes:
            if route.path == DEFAULT:
                self._default = Match(route, None)
            elif not parameters(route.path):
                self._literal[route.path][route.method] = Match(route, None)
            else:
                _add(greedy if route.path.endswith("+}") else full, route)
        self._full = _by_length(full.values())
        self._greedy = sorted(greedy.values(), key=_greedy_specificity)

    def match(self, method: str, path: str) -> Match | None:
        """The route for a method and a path (decoded), or None: 404."""
        if method not in METHODS:
            return None
        if path.startswith("//"):
            path = "/" + path.lstrip("/")
        if by_method := self._literal.get(path):
            found = by_method.get(method) or by_method.get("ANY")
            if found:
                return found
        return self._match_parameters(method, path[1:].split("/")) or self._default

    def _match_parameters(self, method: str, parts: Sequence[str]) -> Match | None:
        for branch in self._full.get(len(parts), ()):
            if found := branch.match(method, parts):
                return found
        for branch in self._greedy:
            if len(branch.segments) < len(parts):
                found = branch.match(method, parts, is_greedy=True)
                if found:
                    return found
        return None


def _add(branches: dict[str, _Branch], route: Route) -> None:
    segments = [
        None if segment.startswith("{") else segment
        for segment in route.path[1:].split("/")
        if not segment.endswith("+}")
    ]
    branch = branches.setdefault(shape(route.path), _Branch(tuple(segments)))
    branch.targets[route.method] = _Target(route, parameters(route.path))


def _by_length(branches: Iterable[_Branch]) -> Mapping[int, list[_Branch]]:
    lengths: dict[int, list[_Branch]] = defaultdict(list)
    for branch in sorted(branches, key=_specificity):
        lengths[len(branch.segments)].append(branch)
    return dict(lengths)


def _specificity(branch: _Branch) -> tuple[bool, ...]:
    """Literals sort before parameters, the first segment first."""
    return tuple(segment is None for segment in branch.segments)


def _greedy_specificity(branch: _Branch) -> tuple[int, tuple[bool, ...]]:
    return -len(branch.segments), _specificity(branch)
