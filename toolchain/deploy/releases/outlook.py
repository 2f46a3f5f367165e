"""What a deploy is going to move though Terraform changes nothing there: told before anybody says yes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.deploy.releases.aliases import Move, Wanted, all_moves, plan_moves
from toolchain.deploy.releases.history import History, current
from toolchain.deploy.releases.moving import read_aliases
from toolchain.deploy.releases.record import Release
from toolchain.deploy.releases.services import Services


@dataclass(frozen=True, slots=True)
class Outlook:
    """Aliases that are not where Terraform has published: after a rollback, or a release that failed.

    `live` is the release that they are of, if there is a record of it.
    """

    moves: tuple[Move, ...] = ()
    live: Release | None = None


def look_ahead(services: Services, outputs: Mapping[str, Any], names: Collection[str]) -> Outlook:
    """What the release of these functions moves; `outputs` are those of the root module before the deploy."""
    published: Mapping[str, Mapping[str, Any]] = outputs.get("functions") or {}
    wanted = {
        name: Wanted(services.target.function_name(name), str(one["version"]))
        for name, one in published.items()
        if name in names
    }
    aliases = {name: alias for name, alias in read_aliases(services.functions, wanted).items() if alias}
    moves = all_moves(plan_moves({name: wanted[name] for name in aliases}, aliases))
    if not moves:
        return Outlook()
    history = History(services.bucket)
    return Outlook(tuple(sorted(moves)), current(history.read(history.ids())))
