"""Requests: how long one takes, how many at once a second, and what of the machine they take."""

import statistics
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.serving.load import Load, Target
from benchmarks.serving.peers.peer import Peer
from benchmarks.serving.running import Server
from benchmarks.serving.session import HEAVY, OURS, Session
from benchmarks.serving.site import OPEN
from benchmarks.serving.usage import Usage

CONNECTIONS = 16
TIMES_FASTER, MEMORY_SHARE = 3.0, 1 / 3
_LATENCY = "p50"
"""The name of the load with one connection, of `plain` behind the authorizer where there is one."""


@dataclass(frozen=True, slots=True)
class Round:
    """What was measured of a server, by the name of the load; `cpu_us` is processor time per request."""

    loads: Mapping[str, Load]
    cpu_us: Mapping[str, float]
    at_rest: Usage
    after: Usage


def ask(session: Session) -> None:
    """Everybody once, then everybody again, each freshly started."""
    rounds: dict[str, list[Round]] = defaultdict(list)
    with session.site.database() as database:
        for _ in range(session.options.rounds):
            for peer in session.peers:
                rounds[peer.name].append(_measure(session, peer, database))
    _print_speed(session, rounds)
    _print_machine(session, rounds)
    for name, measured in rounds.items():
        for number, one in enumerate(measured):
            facts = {load: (done.per_second, done.p50_ms) for load, done in one.loads.items()}
            usage = {"mb_at_rest": one.at_rest.pss_mb, "mb_after": one.after.pss_mb}
            session.report.keep_facts(
                "requests", name=name, round=number, loads=facts, cpu_us=dict(one.cpu_us), **usage
            )
    _check_targets(session, rounds)


def _measure(session: Session, peer: Peer, database: Mapping[str, str]) -> Round:
    """One connection first, then sixteen, each on all handlers."""
    with session.serving(peer, database) as server:
        path, headers = peer.sign_in()
        for name in (*OPEN, path):
            server.get(name, headers)
        at_rest = server.usage()
        wanted = {_LATENCY: (path, headers, 1)}
        wanted |= {name: (name, {}, CONNECTIONS) for name in OPEN}
        if path not in OPEN:
            wanted[path] = (path, headers, CONNECTIONS)
        loads, cpu_us = {}, {}
        for name, (where, fields, connections) in wanted.items():
            loads[name], cpu_us[name] = _load(session, server, where, fields, connections)
        return Round(loads, cpu_us, at_rest, server.usage())


def _load(
    session: Session, server: Server, path: str, headers: Mapping[str, str], connections: int
) -> tuple[Load, float]:
    target = Target(server.url(path), headers)
    session.warm_up(target, connections)
    before = server.usage().cpu_seconds
    load = session.load(target, connections, session.options.seconds)
    return load, (server.usage().cpu_seconds - before) * 1e6 / load.requests


def _median(measured: list[Round], load: str, fact: str) -> float | None:
    """Of all rounds; None if there was no such load."""
    values = [getattr(one.loads[load], fact) for one in measured if load in one.loads]
    return statistics.median(values) if values else None


def _print_speed(session: Session, rounds: Mapping[str, list[Round]]) -> None:
    header = ("", "p50 ms", *(f"{name}/s" for name in (*OPEN, "signed")), "ratio", "ratio query")
    ours = {load: _median(rounds[OURS], load, "per_second") or 0.0 for load in OPEN}
    rows = []
    for name, measured in rounds.items():
        speeds = [_median(measured, load, "per_second") for load in (*OPEN, "signed")]
        shown = ["" if speed is None else f"{speed:.0f}" for speed in speeds]
        ratios = [f"{ours[load] / speed:.2f}" for load, speed in zip(OPEN, speeds, strict=False) if speed]
        rows.append((name, f"{_median(measured, _LATENCY, 'p50_ms'):.3f}", *shown, *ratios))
    title = f"One connection, then {CONNECTIONS}; medians of {session.options.rounds} rounds"
    session.report.table(title, header, rows)


def _print_machine(session: Session, rounds: Mapping[str, list[Round]]) -> None:
    header = (
        "",
        *(f"cpu {name}" for name in (_LATENCY, *OPEN)),
        "MB at rest",
        "MB after",
        "processes",
        "files",
    )
    rows = []
    for name, measured in rounds.items():
        cpu = [statistics.median(one.cpu_us[load] for one in measured) for load in (_LATENCY, *OPEN)]
        rest = statistics.median(one.at_rest.pss_mb for one in measured)
        after = statistics.median(one.after.pss_mb for one in measured)
        last = measured[-1].after
        cells = (*(f"{value:.0f}" for value in cpu), f"{rest:.0f}", f"{after:.0f}")
        rows.append((name, *cells, str(last.processes), str(last.files)))
    session.report.table("Processor time per request in us, and memory (sum of PSS)", header, rows)


def _check_targets(session: Session, rounds: Mapping[str, list[Round]]) -> None:
    others = {name: measured for name, measured in rounds.items() if name != OURS}
    if not others:
        return
    report, ours = session.report, rounds[OURS]
    best = min(_median(measured, _LATENCY, "p50_ms") or 0 for measured in others.values())
    report.at_most(
        "p50 with a JWT, of the best peer's", (_median(ours, _LATENCY, "p50_ms") or 0) / best, 1, "x"
    )
    for load in OPEN:
        most = max(_median(measured, load, "per_second") or 0 for measured in others.values())
        ratio = (_median(ours, load, "per_second") or 0) / most
        report.at_least(f"{load}, requests a second of the best peer's", ratio, TIMES_FASTER, "x")
    if HEAVY in others:
        for when in ("at_rest", "after"):
            mine, theirs = (
                statistics.median(getattr(one, when).pss_mb for one in rounds[name]) for name in (OURS, HEAVY)
            )
            title = f"memory {when.replace('_', ' ')}, of {HEAVY}'s"
            report.at_most(title, mine / theirs, round(MEMORY_SHARE, 3), "x")
