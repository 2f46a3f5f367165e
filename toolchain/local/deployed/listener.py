"""Is told what clients make in moto, and has it run."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from toolchain.errors import ToolchainError
from toolchain.local.aws.listening import Database, Listener
from toolchain.local.deployed.apis import DeployedApis
from toolchain.local.deployed.functions import DeployedFunctions
from toolchain.local.deployed.schemas import Schemas
from toolchain.local.place import Place


class DeployedListener:
    """toolchain.local.aws.listening.Listener."""

    def __init__(self, functions: DeployedFunctions, apis: DeployedApis, schemas: Schemas) -> None:
        self._functions = functions
        self._apis = apis
        self._schemas = schemas

    def function_changed(self, place: Place, name: str) -> None:
        self._functions.follow(place, name)

    def function_deleted(self, place: Place, name: str) -> None:
        self._functions.follow(place, name)

    def api_changed(self, place: Place, api_id: str) -> None:
        self._apis.follow(place, api_id)

    def api_deleted(self, place: Place, api_id: str) -> None:
        self._apis.follow(place, api_id)

    def api_url(self, place: Place, api_id: str) -> str | None:
        return self._apis.url(place, api_id)

    def database_created(self, database: Database) -> None:
        self._schemas.provide(database)
        self._functions.follow_all()

    def database_deleted(self, database: Database) -> None:
        self._schemas.remove(database)
        self._functions.follow_all()


class Forgiving:
    """As a listener, of which what fails is only logged: at a start, there is no client to be told.

    Clients leave in the state whatever moto takes; one fault there must not keep `up` from ever starting.
    """

    def __init__(self, listener: Listener, log: logging.Logger) -> None:
        self._listener = listener
        self._log = log

    def function_changed(self, place: Place, name: str) -> None:
        with self._forgiving():
            self._listener.function_changed(place, name)

    def function_deleted(self, place: Place, name: str) -> None:
        with self._forgiving():
            self._listener.function_deleted(place, name)

    def api_changed(self, place: Place, api_id: str) -> None:
        with self._forgiving():
            self._listener.api_changed(place, api_id)

    def api_deleted(self, place: Place, api_id: str) -> None:
        with self._forgiving():
            self._listener.api_deleted(place, api_id)

    def api_url(self, place: Place, api_id: str) -> str | None:
        return self._listener.api_url(place, api_id)

    def database_created(self, database: Database) -> None:
        with self._forgiving():
            self._listener.database_created(database)

    def database_deleted(self, database: Database) -> None:
        with self._forgiving():
            self._listener.database_deleted(database)

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except ToolchainError as error:
            self._log.warning("%s", error)
        except Exception:  # noqa: BLE001 - the boundary to what moto took from clients
            self._log.exception("what is deployed is not served as it should be")
