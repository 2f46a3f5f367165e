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
from dataclasses import dataclass, field

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
    _preflight: list[Field] = field(init=False, repr=False, compare=False)
    _actual: list[Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.allow_credentials and "*" in self.allow_origins:
            raise ValueError("with allow_credentials, name the origins; API Gateway refuses *")
        max_age = () if self.max_age_seconds is None else (str(self.max_age_seconds),)
        credentials = _fields("allow-credentials", ("true",) if self.allow_credentials else ())
        preflight = [
            *_fields("allow-methods", self.allow_methods),
            *_fields("allow-headers", self.allow_headers),
            *_fields("max-age", max_age),
        ]
        # Frozen as it is, it makes its header fields once, not for every request.
        object.__setattr__(self, "_preflight", [*credentials, *preflight])
        object.__setattr__(self, "_actual", [*credentials, *_fields("expose-headers", self.expose_headers)])

    def preflight(self, origin: str | None) -> Answer:
        """The answer to an OPTIONS request that no route takes."""
        return Answer(204, self._for_origin(origin, self._preflight), b"")

    def apply(self, answer: Answer, origin: str | None) -> Answer:
        """The answer with this configuration's headers in place of whatever the function said."""
        kept = [each for each in answer.fields if not each[0].startswith(_PREFIX)]
        return Answer(answer.status, kept + self._for_origin(origin, self._actual), answer.content)

    def _for_origin(self, origin: str | None, fields: list[Field]) -> list[Field]:
        if origin is None or not self._allows(origin):
            return []
        allowed = "*" if "*" in self.allow_origins else origin
        return [(b"access-control-allow-origin", allowed.encode("utf-8", "replace")), *fields]

    def _allows(self, origin: str) -> bool:
        scheme, separator, _ = origin.partition("://")
        return not {"*", origin, f"{scheme}{separator}*"}.isdisjoint(self.allow_origins)


def _fields(name: str, values: Iterable[str]) -> list[Field]:
    text = ",".join(values)
    return [(_PREFIX + name.encode("ascii"), text.encode("ascii"))] if text else []


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
"""
