"""Edits: how long until the new source answers, and whether the old one answers once more.

All edits keep the size of the file. Ours follow each other at once; the others are given time in between, as
Python takes its old bytecode for the new source when two edits of one size are made within a second.
"""

import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.serving.peers.peer import Peer
from benchmarks.serving.running import Server
from benchmarks.serving.session import OURS, Session
from benchmarks.serving.site import edit

TARGET_SECONDS = 0.2
_PATIENCE_SECONDS = 10.0
_PEER_EDITS = 5
_PEER_PAUSE_SECONDS = 1.5
_STEP_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Edit:
    """How long until it was answered with (None: it was not), and whether there were stale answers before."""

    seconds: float | None
    is_stale: bool


def ask(session: Session) -> None:
    """Everybody with what makes them notice edits."""
    rows = []
    with session.site.database() as database:
        for peer in session.peers:
            edits = _edit_often(session, peer, database)
            rows.append((peer.name, *_row(edits)))
            for one in edits:
                session.report.keep_facts(
                    "reloading", name=peer.name, seconds=one.seconds, stale=one.is_stale
                )
            if peer.name == OURS:
                _check_targets(session, edits)
    session.report.table("Seconds from an edit to its answer", ("", "edits", "median", "max", "stale"), rows)


def _edit_often(session: Session, peer: Peer, database: Mapping[str, str]) -> list[Edit]:
    if peer.name == OURS:
        count, pause = session.options.edits, 0.0
    else:
        count, pause = min(_PEER_EDITS, session.options.edits), _PEER_PAUSE_SECONDS
    edits = []
    with session.serving(peer, database, reload=True) as server:
        for number in range(count):
            time.sleep(pause)
            edits.append(_edit_once(server, peer, 2000 + number))
    return edits


def _edit_once(server: Server, peer: Peer, revision: int) -> Edit:
    """A request as soon as the file is written, and more until the answer is the new one."""
    edit(peer.handler, revision)
    started = time.perf_counter()
    is_stale = False
    while time.perf_counter() - started < _PATIENCE_SECONDS:
        try:
            if server.get("plain", {})["revision"] == revision:
                return Edit(time.perf_counter() - started, is_stale)
        except OSError:
            pass  # some start anew, and do not listen meanwhile
        else:
            is_stale = True
        time.sleep(_STEP_SECONDS)
    return Edit(None, is_stale)


def _row(edits: list[Edit]) -> tuple[str, ...]:
    seconds = [one.seconds for one in edits if one.seconds is not None]
    stale = sum(one.is_stale for one in edits)
    if len(seconds) < len(edits):
        return (str(len(edits)), "never", "never", str(stale))
    return (str(len(edits)), f"{statistics.median(seconds):.3f}", f"{max(seconds):.3f}", str(stale))


def _check_targets(session: Session, edits: list[Edit]) -> None:
    taken = [_PATIENCE_SECONDS if one.seconds is None else one.seconds for one in edits]
    session.report.at_most("up: answer after an edit, median", statistics.median(taken), TARGET_SECONDS, " s")
    session.report.at_most("up: answer after an edit, longest", max(taken), TARGET_SECONDS, " s")
    session.report.at_most("up: stale answers", sum(one.is_stale for one in edits), 0)
