"""A stage whose functions get new versions, and are released; AWS is in memory."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.release_fakes import FakeServices, FakeWorld, Handler, declared, route, sha256
from toolchain.deploy.releases.history import History
from toolchain.deploy.releases.record import Release
from toolchain.deploy.releases.release import Intent, release
from toolchain.deploy.releases.rollback import roll_back
from toolchain.deploy.releases.target import Applied
from toolchain.errors import ReleaseError

URL = "https://api.example"


def well(_: dict[str, Any]) -> dict[str, Any]:
    return {"statusCode": 200}


def badly(_: dict[str, Any]) -> dict[str, Any]:
    raise ValueError("no such column")


class Migrator:
    """The function's contract: a dry run tells, else what is pending is applied, up to `broken`.

    Then it makes the accounts that functions connect with, unless `refusal` says why it can't.
    """

    def __init__(self, pending: list[str], broken: str | None = None, refusal: str | None = None) -> None:
        self.pending, self.broken, self.refusal = pending, broken, refusal
        self.has_made_accounts = False

    def __call__(self, event: dict[str, Any]) -> dict[str, list[str]]:
        if event == {"dry_run": True}:
            return {"pending": list(self.pending)}
        assert event == {}
        applied: list[str] = []
        while self.pending and self.pending[0] != self.broken:
            applied.append(self.pending.pop(0))
        if self.pending:
            raise ValueError(f"{self.pending[0]}: syntax error (1064)")
        if self.refusal:
            raise ValueError(self.refusal)
        self.has_made_accounts = True
        return {"applied": applied}


class Stage:
    """A stage whose functions get new versions, and are released."""

    def __init__(self) -> None:
        self.services = FakeServices()
        self.world = FakeWorld({f"{URL}/health": [200], f"{URL}/me": [401]})
        self.intent = Intent(Applied(URL, {}), {}, {}, "c0ffee", is_dirty=False)

    def publish(self, name: str, handler: Handler, code: str) -> None:
        """What build and Terraform do."""
        routes = {"health": route("GET", "/health"), "me": route("GET", "/me", "jwt")}
        function_name = self.services.target.function_name(name)
        version = self.services.functions.publish(function_name, handler, code)
        self.services.bucket.objects[f"functions/{name}/{sha256(code)}.zip"] = code.encode()
        self.intent = replace(
            self.intent,
            applied=Applied(URL, {**self.intent.applied.versions, name: version}),
            functions={
                **self.intent.functions,
                name: declared(code, *([routes[name]] if name in routes else [])),
            },
        )

    def release(self, **changes: Any) -> Release | None:  # noqa: ANN401 - of any field
        return release(self.services, replace(self.intent, **changes), self.world.surroundings())

    def roll_back(self, to: str | None = None) -> Release:
        return roll_back(self.services, to, self.world.surroundings())

    def live(self) -> dict[str, str]:
        found = self.services.functions.live()
        return {name.removeprefix("shop-dev-"): version for name, version in found.items()}

    def records(self) -> list[Release]:
        """The latest first."""
        history = History(self.services.bucket)
        return list(history.read(history.ids()))


def released_stage() -> Stage:
    """A stage with a first release of three functions."""
    stage = Stage()
    stage.publish("health", well, "health 1")
    stage.publish("me", well, "me 1")
    stage.publish("migrate_database", Migrator(["0001_users"]), "migrate 1")
    assert stage.release()
    return stage


def message_of(call: Callable[[], object]) -> str:
    """What a release or a rollback that has to fail says."""
    with pytest.raises(ReleaseError) as error:
        call()
    return str(error.value)
