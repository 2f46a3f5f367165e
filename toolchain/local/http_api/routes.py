"""The routes of an HTTP API, as values: the same whether the manifests are read, or what is deployed.

    Routes.of([Route("GET /me", "get_me", Authorization(issuer, audience, scopes))])

Two APIs with equal Routes send every request to the same function, and let the same callers through.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from toolchain.local.differences import mapping_differences
from toolchain.manifest.routes import DEFAULT

type PayloadFormat = Literal["2.0", "1.0"]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens a JWT authorizer takes, and which applications they were made for.

    `url` is the `iss` of the tokens, `audience` the clients' ids.
    """

    url: str
    audience: frozenset[str]


@dataclass(frozen=True, slots=True)
class Authorization:
    """What a caller must show: a token of the issuer with at least one of the scopes, if there are any."""

    issuer: Issuer
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Route:
    """Requests with a method and a path call a function; `authorization` None lets everybody through.

    `key` is API Gateway's name for the route: `GET /users/{id}`, `ANY /files/{proxy+}`, `$default`.
    `qualifier` is the function's version or alias; two routes are equal whichever release they call.
    """

    key: str
    function: str
    authorization: Authorization | None
    payload_format_version: PayloadFormat = "2.0"
    qualifier: str | None = field(default=None, compare=False)

    @property
    def method(self) -> str:
        """`GET`; `ANY` of the route $default."""
        return "ANY" if self.key == DEFAULT else self.key.partition(" ")[0]

    @property
    def path(self) -> str:
        """`/users/{id}`, or `$default`."""
        return DEFAULT if self.key == DEFAULT else self.key.partition(" ")[2]


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes of an API, sorted by key."""

    routes: tuple[Route, ...] = ()

    @classmethod
    def of(cls, routes: Iterable[Route]) -> Self:
        return cls(tuple(sorted(routes, key=lambda route: route.key)))

    @classmethod
    def declared(cls, declarations: Iterable[Mapping[str, Any]], issuer: Issuer) -> Self:
        """The routes of functions as `toolchain.manifest.declaration` (or dist/functions.json) gives them.

        `issuer` is the user pool that the routes with `auth: jwt` trust.
        """
        return cls.of(
            _declared(declaration["name"], trigger, issuer)
            for declaration in declarations
            for trigger in declaration["triggers"]["http"]
        )

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)

    def __len__(self) -> int:
        return len(self.routes)

    def differences(self, other: "Routes") -> list[str]:
        """What tells the two apart, a line for each: for people; whether they are equal says `==`.

        >>> Routes((Route("GET /me", "a", None),)).differences(Routes((Route("GET /me", "b", None),)))
        ["GET /me: function is 'a' here and 'b' there"]
        """
        here, there = ({route.key: route for route in routes} for routes in (self, other))
        return mapping_differences(here, there)


def _declared(function: str, trigger: Mapping[str, Any], issuer: Issuer) -> Route:
    is_open = trigger["auth"] == "none"
    return Route(
        key=trigger["route_key"],
        function=function,
        authorization=None if is_open else Authorization(issuer, frozenset(trigger["scopes"])),
        payload_format_version=trigger["payload_format_version"],
    )
