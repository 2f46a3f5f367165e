"""Back to a release that was live: its versions are still there, so only aliases move."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from toolchain.deploy.releases.aliases import Wanted, all_moves, counted, plan_moves
from toolchain.deploy.releases.attempt import Attempt, alone, settle, timestamp
from toolchain.deploy.releases.history import History, choose, current, migrations_since
from toolchain.deploy.releases.moving import read_aliases
from toolchain.deploy.releases.pruning import KEPT_RELEASES
from toolchain.deploy.releases.record import Release, ReleasedFunction, new_id
from toolchain.deploy.releases.services import Alias, Services
from toolchain.deploy.releases.smoke import smoke_test
from toolchain.deploy.releases.surroundings import Surroundings
from toolchain.errors import ReleaseError

_AT_ONCE = 16
# Older ones are found when they are asked for.
_LOOKED_AT = 100


def roll_back(services: Services, wanted: str | None, around: Surroundings) -> Release:
    """Move the aliases to the release that was live before, or to the wanted one (its id, or how it begins).

    Raises ReleaseError when that can't be, and when the API does not answer as it should after it: the
    aliases stay, then. For the main thread only.
    """
    who = services.caller()
    with alone(services, around, "rollback", who) as lock:
        history = History(services.bucket)
        ids = history.ids()
        releases = list(settle(history, history.read(_worth_reading(ids, wanted)), around))
        here, chosen = _choose(services, releases, wanted)
        aliases = read_aliases(services.functions, _wanted(chosen.functions))
        _check(services, chosen.functions, aliases)
        waves = plan_moves(_wanted(chosen.functions), aliases)
        if not waves:
            raise ReleaseError(f"{chosen.id} is live already")
        _tell(chosen, here, migrations_since(releases, chosen), around)
        record = _record(here, chosen, new_id(around.now(), ids[0]), timestamp(around.now()), who)
        attempt = Attempt(services, around, lock, history, record, waves)
        done = attempt.carry_out(lambda attempt: attempt.move())
        around.say(f"{counted(len(all_moves(waves)))} moved back")
        _test(done, around)
        return done


def _worth_reading(ids: list[str], wanted: str | None) -> list[str]:
    """The latest, down to the wanted one."""
    matching = [index for index, one in enumerate(ids) if wanted and one.startswith(wanted)]
    return ids[: max([_LOOKED_AT, *(index + 1 for index in matching)])]


def _choose(services: Services, releases: list[Release], wanted: str | None) -> tuple[Release, Release]:
    """The release that is live, and the one to go back to."""
    here = current(releases)
    if here is None:
        raise ReleaseError("nothing is live on this stage: there is nothing to go back from")
    now = read_aliases(services.functions, _wanted(here.functions))
    return here, choose(releases, wanted, is_intact=_points_to(now, here.functions))


def _record(here: Release, chosen: Release, release_id: str, created: str, who: str) -> Release:
    """The record of the rollback that begins; functions that are newer than the release stay."""
    return replace(
        chosen,
        id=release_id,
        created=created,
        who=who,
        result="pending",
        api_url=here.api_url,
        functions={**here.functions, **chosen.functions},
        migrations=(),
        previous=here.origin,
        rollback_to=chosen.id,
        finished=None,
    )


def _tell(chosen: Release, here: Release, migrations: Sequence[str], around: Surroundings) -> None:
    around.say(f"back to {chosen.id} of {chosen.created}, commit {(chosen.commit or 'unknown')[:12]}")
    if stay := sorted(here.functions.keys() - chosen.functions.keys()):
        around.say(f"not in that release, and left as they are: {', '.join(stay)}")
    if migrations:
        around.say(f"migrations are not undone: {', '.join(migrations)}")


def _test(done: Release, around: Surroundings) -> None:
    try:
        smoke_test(done.api_url, done.probes, around.request, around.sleep)
    except ReleaseError as error:
        raise ReleaseError(f"{done.rollback_to} is live again, but it does not work:\n{error}") from error


def _wanted(functions: Mapping[str, ReleasedFunction]) -> dict[str, Wanted]:
    return {
        name: Wanted(one.function_name, one.version, one.triggers) for name, one in sorted(functions.items())
    }


def _points_to(aliases: Mapping[str, Alias | None], functions: Mapping[str, ReleasedFunction]) -> bool:
    return all(alias is None or alias.version == functions[name].version for name, alias in aliases.items())


def _check(
    services: Services, functions: Mapping[str, ReleasedFunction], aliases: Mapping[str, Alias | None]
) -> None:
    """Raises ReleaseError with everything of the release that is gone."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        found = threads.map(lambda name: _missing(services, name, functions[name], aliases[name]), functions)
        problems = [problem for problem in found if problem]
    if problems:
        lines = "\n".join(sorted(problems))
        raise ReleaseError(
            f"that release is no longer complete; check out its commit and deploy instead:\n{lines}"
        )


def _missing(services: Services, name: str, function: ReleasedFunction, alias: Alias | None) -> str | None:
    if alias is None:
        return f"{name}: the function is gone"
    version = services.functions.version(function.function_name, function.version)
    if version is None:
        return (
            f"{name}: version {function.version} is gone; those of the last {KEPT_RELEASES} releases are kept"
        )
    if version.sha256 != function.sha256:
        return f"{name}: version {function.version} has other code than it was released with"
    if services.bucket.head(f"functions/{name}/{function.sha256}.zip") is None:
        return f"{name}: its zip is gone from the artifact bucket"
    return None
