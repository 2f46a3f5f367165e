"""How long from the start of a server to its first answer, on a machine that has started it before."""

import statistics

from benchmarks.serving.session import OURS, Session

TARGET_SECONDS = 2.0


def ask(session: Session) -> None:
    """Ours starts its database, too; the others have none, or find one that runs."""
    taken: dict[str, list[float]] = {peer.name: [] for peer in session.peers}
    for number in range(session.options.rounds + 1):
        for peer in session.peers:
            with session.serving(peer, {}) as server:
                if number:  # the first start makes what the next ones find
                    taken[peer.name].append(server.start_seconds)
    medians = {name: statistics.median(seconds) for name, seconds in taken.items()}
    rows = [
        (name, f"{medians[name]:.2f}", f"{min(seconds):.2f}", f"{max(seconds):.2f}")
        for name, seconds in taken.items()
    ]
    session.report.table("Seconds to the first answer", ("", "median", "min", "max"), rows)
    for name, seconds in taken.items():
        session.report.keep_facts("starting", name=name, seconds=seconds)
    session.report.at_most("up: first answer", medians[OURS], TARGET_SECONDS, " s")
