"""What `./inv` costs over the `invoke` it runs, once .venv is installed."""

from benchmarks.rounds import Contestant, interleave
from benchmarks.session import Session
from benchmarks.surroundings import REPOSITORY

LIMIT_SECONDS = 0.1
LEAST_ROUNDS = 9


def ask(session: Session) -> None:
    """`--version` through both; the wrapper runs once before, so that what is measured is a second call."""
    surroundings = session.surroundings
    plain = surroundings.command("invoke", "--search-root", REPOSITORY, "--version", cwd=REPOSITORY)
    wrapped = surroundings.command(REPOSITORY / "inv", "--version", cwd=REPOSITORY)
    session.run([wrapped])
    contestants = [Contestant("invoke", lambda: [plain]), Contestant("./inv", lambda: [wrapped])]
    measured = interleave(session.spawner, contestants, max(session.options.rounds, LEAST_ROUNDS))
    rows = []
    for samples in measured:
        seconds = (samples.median, min(samples.seconds), max(samples.seconds))
        rows.append((samples.name, str(len(samples.runs)), *(f"{value * 1000:.0f}" for value in seconds)))
        session.report.keep("wrapper", samples)
    title = "Wrapper: a second ./inv --version, and invoke --version; ms"
    session.report.table(title, ("", "n", "median", "min", "max"), rows)
    over = measured[1].median - measured[0].median
    session.report.at_most("./inv: over invoke", over, LIMIT_SECONDS, " s")
