"""What a listener is told, and what a guard is asked before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from toolchain.local.place import Place

if TYPE_CHECKING:
    from moto.apigatewayv2.models import ApiGatewayV2Backend


@dataclass(frozen=True, slots=True)
class Database:
    """An RDS instance or an Aurora cluster; `name` is that of its first schema, if it was given one."""

    kind: Literal["instance", "cluster"]
    place: Place
    identifier: str
    name: str | None


class Listener(Protocol):
    """Is told in the thread that answers the request, after moto has done it, before the client hears of it.

    So what the client asks next finds it done. What a listener raises, the client gets as the error of its
    request (a 400, so that nothing is tried again). Several may be told at once, each in a thread of its own.
    """

    def function_changed(self, place: Place, name: str) -> None:
        """There is a new function; or its code, configuration, concurrency, asynchronous calls, versions or
        aliases have changed.
        """

    def function_deleted(self, place: Place, name: str) -> None:
        """The function is gone, with its versions and aliases."""

    def api_changed(self, place: Place, api_id: str) -> None:
        """There is a new HTTP API; or its CORS, routes, integrations, authorizers or stages have changed."""

    def api_deleted(self, place: Place, api_id: str) -> None:
        """The API is gone, with all that it had."""

    def api_url(self, place: Place, api_id: str) -> str | None:
        """The ApiEndpoint that clients are told: `http://127.0.0.1:8001`; None is the name it has on AWS.

        Asked whenever the API is read, also before `api_changed` has come for it.
        """

    def database_created(self, database: Database) -> None:
        """There is a new instance or cluster."""

    def database_deleted(self, database: Database) -> None:
        """It is gone."""


class Guard(Protocol):
    """Is asked in the thread that answers the request, before moto does it.

    What a guard raises, the client gets as the error of its request, and nothing has changed: a request that
    is refused must have no effect. So what can be known before is refused here, and not by a listener.
    """

    def check_function(self, place: Place, name: str, tags: Mapping[str, str]) -> None:
        """There is to be a new function."""

    def check_alias(self, place: Place, function: str, name: str, weights: Mapping[str, float]) -> None:
        """An alias is to be made or changed; `weights` are those of further versions, by their numbers."""

    def check_api(self, name: str, protocol: str) -> None:
        """There is to be a new API, of the protocol HTTP or WEBSOCKET."""

    def check_routes(self, place: Place, api_id: str, changed: "ApiGatewayV2Backend") -> None:
        """An API's routes, or what they refer to, are to change; `changed` has the API as it would be."""
