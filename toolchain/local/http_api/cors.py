"""Cross-origin resource sharing, as configured on the API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html

- "API Gateway automatically sends a response to preflight OPTIONS requests, even if there isn't an OPTIONS
  route": 204. An OPTIONS request that a route does take (OPTIONS, ANY, $default) goes there, authorizer
  included ("The $default route catches requests for all methods and routes that you haven't explicitly
  defined, including OPTIONS requests"; for ANY see github.com/anomalyco/sst/issues/5493).
- "For a CORS request, API Gateway adds the configured CORS headers to the response", errors included. [U]
- "API Gateway ignores CORS headers returned from your backend integration".
- An origin that is not allowed gets no CORS headers; that keeps browsers from reading the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from toolchain.local.http_api.answers import Answer, Field

_PREFIX = b"access-control-"


@dataclass(frozen=True, slots=True)
class Cors:
    """The configuration, in the API's own words: `allowOrigins` and so on.

    An origin is one such as `https://www.example.com`, or all of `*`, `http://*`, `https://*`.
    """

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    allow_credentials: bool = False
    max_age_seconds: int | None = None

    def __post_init__(self) -> None:
        if self.allow_credentials and "*" in self.allow_origins:
            raise ValueError("with allow_credentials, name the origins; API Gateway refuses *")

    def preflight(self, origin: str | None) -> Answer:
        """The answer to an OPTIONS request that no route takes."""
        if origin is None or not self._allows(origin):
            return Answer(204, [], b"")
        max_age = () if self.max_age_seconds is None else (str(self.max_age_seconds),)
        fields = [
            *self._origin_fields(origin),
            *_fields("allow-methods", self.allow_methods),
            *_fields("allow-headers", self.allow_headers),
            *_fields("max-age", max_age),
        ]
        return Answer(204, fields, b"")

    def apply(self, answer: Answer, origin: str | None) -> Answer:
        """The answer with this configuration's headers in place of whatever the function said."""
        fields = [each for each in answer.fields if not each[0].startswith(_PREFIX)]
        if origin is None and len(fields) == len(answer.fields):
            return answer
        if origin is not None and self._allows(origin):
            fields += [*self._origin_fields(origin), *_fields("expose-headers", self.expose_headers)]
        return Answer(answer.status, fields, answer.content)

    def _allows(self, origin: str) -> bool:
        scheme, separator, _ = origin.partition("://")
        return not {"*", origin, f"{scheme}{separator}*"}.isdisjoint(self.allow_origins)

    def _origin_fields(self, origin: str) -> list[Field]:
        allowed = "*" if "*" in self.allow_origins else origin
        credentials = ("true",) if self.allow_credentials else ()
        return [*_fields("allow-origin", (allowed,)), *_fields("allow-credentials", credentials)]


def _fields(name: str, values: Iterable[str]) -> list[Field]:
    text = ",".join(values)
    return [(_PREFIX + name.encode("ascii"), text.encode("utf-8", "replace"))] if text else []


_DEVELOPMENT_PORTS = (
    *range(3000, 3010),  # Create React App, Next.js, and the ports they take when 3000 is in use
    *range(5173, 5183),  # Vite
    *range(4173, 4183),  # vite preview
    8080,  # Vue CLI, webpack-dev-server
)

LOCAL_CORS = Cors(
    allow_origins=tuple(
        f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in _DEVELOPMENT_PORTS
    ),
    allow_methods=("*",),
    allow_headers=("*", "authorization"),
    expose_headers=("*",),
)
"""For development: pages of the usual development servers on this machine may call the API.

Not every origin, so that a page on the internet cannot call what runs here. No credentials: callers show a
token, not a cookie; and without credentials * means everything but `authorization` (Fetch standard, 3.3.3).

The API takes any Host: tunnels bring theirs, clients API Gateway's. So a page of the internet whose name
comes to mean this machine (DNS rebinding) finds what anybody finds on AWS: what is public, and nothing that
takes a token, for it has none.
"""
