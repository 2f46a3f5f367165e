"""A request, the same for every payload format of API Gateway."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lib.http.claims import Claims
from lib.http.problems import UnauthorizedError


class Headers(Mapping[str, str]):
    """Header fields, by name in any case. Repeated ones are joined by a comma (RFC 9110, 5.3).

    >>> Headers([("Accept", "text/html"), ("accept", "text/plain")])["ACCEPT"]
    'text/html, text/plain'
    """

    def __init__(self, fields: Iterable[tuple[str, str]]) -> None:
        self._fields: dict[str, str] = {}
        for name, value in fields:
            key = name.lower()
            self._fields[key] = f"{self._fields[key]}, {value}" if key in self._fields else value

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(frozen=True, slots=True, eq=False)
class Request[Body = None, Query = None, Parameters = None]:
    """A request. `body`, `query` and `parameters` (the path's) are instances of the endpoint's models.

    Without a model they are None.

    `path` is what the client asked for, with the stage's name in front where there is one;
    `route_key` is the route that API Gateway chose: `GET /users/{id}`. Only what identifies a request
    is in its repr: the rest may be secret.
    """

    method: str
    path: str
    route_key: str
    request_id: str
    path_parameters: Mapping[str, str] = field(repr=False)
    query_parameters: Mapping[str, tuple[str, ...]] = field(repr=False)
    headers: Headers = field(repr=False)
    cookies: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    verified_claims: Claims | None = field(repr=False)
    body: Body = field(repr=False)
    query: Query = field(repr=False)
    parameters: Parameters = field(repr=False)

    @property
    def claims(self) -> Claims:
        """Who is signed in. Raises UnauthorizedError when nobody is."""
        if self.verified_claims is None:
            raise UnauthorizedError
        return self.verified_claims
