"""A long run of ours: whether memory, files or processes grow with the requests."""

from collections.abc import Mapping

from benchmarks.serving.load import Target
from benchmarks.serving.requests import CONNECTIONS
from benchmarks.serving.running import Server
from benchmarks.serving.session import OURS, Session
from benchmarks.serving.usage import Usage

_SLICES = 20
_SLICE_SECONDS = 5.0
_MB_ALLOWED = 5.0
"""Growth over half of the requests that is taken for the allocator's."""


def ask(session: Session) -> None:
    """Requests with a token, to the plain handler and to the one with a database in turn."""
    [peer] = [peer for peer in session.peers if peer.name == OURS]
    with session.site.database() as database, session.serving(peer, database) as server:
        path, headers = peer.sign_in()
        for name in (path, "query"):
            server.get(name, headers)
        samples = _soak(session, server, ((path, headers), ("query", {})))
    rows = [
        (str(done), f"{usage.pss_mb:.1f}", str(usage.processes), str(usage.files), f"{usage.cpu_seconds:.0f}")
        for done, usage in samples
    ]
    header = ("requests", "MB", "processes", "files", "cpu s")
    session.report.table("A long run", header, rows)
    for done, usage in samples:
        facts = {"mb": usage.pss_mb, "processes": usage.processes, "files": usage.files}
        session.report.keep_facts("soak", requests=done, **facts)
    _check_targets(session, samples)


def _soak(
    session: Session, server: Server, targets: tuple[tuple[str, Mapping[str, str]], ...]
) -> list[tuple[int, Usage]]:
    """So many requests and what the server takes then, at about every twentieth part."""
    wanted, done = session.options.soak, 0
    samples: list[tuple[int, Usage]] = []
    while done < wanted:
        for path, headers in targets:
            target = Target(server.url(path), headers)
            done += session.load(target, CONNECTIONS, _SLICE_SECONDS).requests
        if done >= wanted * len(samples) / _SLICES:
            samples.append((done, server.usage()))
    return samples


def _check_targets(session: Session, samples: list[tuple[int, Usage]]) -> None:
    """Over the second half: in the first, requests that a busy machine keeps waiting get new instances."""
    first = next(usage for done, usage in samples if done >= session.options.soak / 2)
    last = samples[-1][1]
    report = session.report
    report.at_most("soak, second half: growth of memory", last.pss_mb - first.pss_mb, _MB_ALLOWED, " MB")
    report.at_most("soak, second half: growth of files", last.files - first.files, 0)
    report.at_most("soak, second half: growth of processes", last.processes - first.processes, 0)
