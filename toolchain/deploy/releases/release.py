"""One release, from the versions that Terraform has published to an API that answers; or back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from toolchain.deploy.releases import migrating
from toolchain.deploy.releases.aliases import Wanted, Waves, all_moves, counted, plan_moves
from toolchain.deploy.releases.attempt import Attempt, alone, settle, timestamp
from toolchain.deploy.releases.checks import VersionCheck, check_starts, check_versions, ready_versions
from toolchain.deploy.releases.history import History, current
from toolchain.deploy.releases.moving import read_aliases
from toolchain.deploy.releases.probes import Event, Samples, events_of, probes_of, starts_of
from toolchain.deploy.releases.pruning import prune
from toolchain.deploy.releases.record import Probe, Release, ReleasedFunction, new_id
from toolchain.deploy.releases.services import Alias, Services, Version
from toolchain.deploy.releases.smoke import smoke_test
from toolchain.deploy.releases.surroundings import Surroundings
from toolchain.deploy.releases.target import Applied, Target
from toolchain.errors import ReleaseError


@dataclass(frozen=True, slots=True)
class Intent:
    """What to release.

    `functions` is that of dist/functions.json; `samples` the functions' sample events; `only` the one
    function to release, while all others stay where they are.
    """

    applied: Applied
    functions: Mapping[str, Any]
    samples: Samples
    commit: str | None
    is_dirty: bool
    only: str | None = None


@dataclass(frozen=True, slots=True)
class _Situation:
    """How the stage is: `wanted` is where its aliases are to be, `waves` what gets them there."""

    history: History
    ids: list[str]
    before: Release | None
    wanted: Mapping[str, Wanted]
    waves: Waves
    api_url: str
    probes: tuple[Probe, ...]

    @property
    def is_as_it_should_be(self) -> bool:
        """Whether this is live, and was tested at this address."""
        if self.waves or self.before is None:
            return False
        released = {name: one.version for name, one in self.before.functions.items()}
        tested = (self.before.api_url, self.before.probes)
        same_versions = released == {name: one.version for name, one in self.wanted.items()}
        return same_versions and tested == (self.api_url, self.probes)

    @property
    def new(self) -> dict[str, Wanted]:
        """Those whose version was not live before."""
        before = self.before.functions if self.before else {}
        return {
            name: one
            for name, one in self.wanted.items()
            if name not in before or before[name].version != one.version
        }


def release(services: Services, intent: Intent, around: Surroundings) -> Release | None:
    """Release what Terraform has published: migrate, check, move, test. None when it is live already.

    Raises ReleaseError when it does not work; the release before goes on, then. For the main thread only.
    """
    who = services.caller()
    with alone(services, around, "deploy", who) as lock:
        found = _look(services, intent, around)
        if found.is_as_it_should_be:
            return None
        record = _record(services, intent, found, around, who)
        attempt = Attempt(services, around, lock, found.history, record, found.waves)
        around.say(f"release {record.id}: {_summary(attempt)}")
        done = attempt.carry_out(lambda attempt: _steps(attempt, found, intent))
        prune(services.functions, found.history, all_moves(found.waves), around.say)
        return done


def _look(services: Services, intent: Intent, around: Surroundings) -> _Situation:
    history = History(services.bucket)
    ids = history.ids()
    before = _last_live(history, ids, around)
    named = _wanted(services.target, intent, intent.applied.versions)
    aliases = read_aliases(services.functions, named)
    wanted = _wanted(services.target, intent, _versions(intent, aliases))
    deployed = {name: one for name, one in intent.functions.items() if name in wanted}
    return _Situation(
        history,
        ids,
        before,
        wanted,
        plan_moves(wanted, aliases),
        intent.applied.api_url,
        probes_of(deployed, intent.samples),
    )


def _record(services: Services, intent: Intent, found: _Situation, around: Surroundings, who: str) -> Release:
    """The record of the release that begins. Raises ReleaseError with versions that can't be released."""
    numbers = {name: (one.function_name, one.version) for name, one in found.wanted.items()}
    versions = ready_versions(services.functions, numbers, around.sleep)
    _compare(intent, {move.name: versions[move.name] for move in all_moves(found.waves)})
    return Release(
        id=new_id(around.now(), found.ids[0] if found.ids else None),
        created=timestamp(around.now()),
        who=who,
        commit=intent.commit,
        is_dirty=intent.is_dirty,
        result="pending",
        api_url=found.api_url,
        functions=_released(found.wanted, versions),
        probes=found.probes,
        previous=found.before.origin if found.before else None,
    )


def _steps(attempt: Attempt, found: _Situation, intent: Intent) -> None:
    say, wanted = attempt.around.say, found.wanted
    if intent.only in (None, migrating.MIGRATOR):  # else it stays where it is, and has migrated what it knows
        _migrate(attempt, wanted)
    checks = _checks(wanted, events_of(intent.functions, intent.samples))
    check_versions(attempt.services.functions, checks, attempt.around.sleep)
    say(f"the new versions answer: {', '.join(check.route_key for check in checks) or 'none is public'}")
    if starts := _checks(found.new, starts_of(intent.functions)):
        check_starts(attempt.services.functions, starts)
        say(f"{len(starts)} with protected routes can be started")
    attempt.move()
    say(f"{counted(len(attempt.moving.made))} moved")
    smoke_test(attempt.record.api_url, attempt.record.probes, attempt.around.request, attempt.around.sleep)
    say(f"{attempt.record.api_url} answers as it should ({len(attempt.record.probes)} requests)")


def _checks(wanted: Mapping[str, Wanted], events: Iterable[tuple[str, str, Event]]) -> list[VersionCheck]:
    """The requests to those of the functions that are wanted."""
    return [
        VersionCheck(wanted[name].function_name, wanted[name].version, route, event)
        for name, route, event in events
        if name in wanted
    ]


def _migrate(attempt: Attempt, wanted: Mapping[str, Wanted]) -> None:
    migrator = wanted.get(migrating.MIGRATOR)
    if migrator is None:
        return
    attempt.lock.ensure_held()
    done = migrating.migrate(attempt.services.functions, migrator.function_name, migrator.version)
    if done.applied:
        attempt.note(migrations=done.applied)
    if told := str(done):
        attempt.around.say(f"migrations: {told}")
    if done.problem:
        raise ReleaseError(f"the migration failed: {done.problem}\nmend it, and deploy again")


def _last_live(history: History, ids: list[str], around: Surroundings) -> Release | None:
    """The release that is live; pending ones after it were interrupted, which is noted."""
    return current(settle(history, history.read(ids), around))


def _wanted(target: Target, intent: Intent, versions: Mapping[str, str]) -> dict[str, Wanted]:
    return {
        name: Wanted(target.function_name(name), version, _kinds(intent.functions.get(name)))
        for name, version in sorted(versions.items())
    }


def _kinds(function: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The kinds of triggers that a function has."""
    return tuple(kind for kind, triggers in function["triggers"].items() if triggers) if function else ()


def _versions(intent: Intent, aliases: Mapping[str, Alias | None]) -> dict[str, str]:
    """What Terraform has published; but where the alias is, for functions that are not to be released."""
    stay = {
        name: alias.version for name, alias in aliases.items() if alias and intent.only not in (None, name)
    }
    return dict(chain(intent.applied.versions.items(), stay.items()))


def _compare(intent: Intent, versions: Mapping[str, Version]) -> None:
    """Raises ReleaseError with versions whose code is not what is in dist/."""
    problems = [
        f"{name}: the version that was published is not dist/{name}.zip; deploy again"
        for name, version in versions.items()
        if name in intent.functions and intent.functions[name]["zip"]["sha256"] != version.sha256
    ]
    if problems:
        raise ReleaseError(problems)


def _released(wanted: Mapping[str, Wanted], versions: Mapping[str, Version]) -> dict[str, ReleasedFunction]:
    return {
        name: ReleasedFunction(one.function_name, one.version, versions[name].sha256, one.triggers)
        for name, one in wanted.items()
    }


def _summary(attempt: Attempt) -> str:
    moves = [str(move) for move in all_moves(attempt.waves)]
    if not moves:
        return "the aliases point to its versions already"
    return f"{len(moves)} of {len(attempt.record.functions)} functions change: {', '.join(sorted(moves))}"
