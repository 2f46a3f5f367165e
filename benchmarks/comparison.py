"""One run: which questions to ask, of whom; prints the answers as they come and a summary at the end."""

import argparse
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import packages
from benchmarks.errors import BenchmarkError
from benchmarks.peers.peer import Peer
from benchmarks.peers.registry import MAKERS, Provision, find_peers
from benchmarks.processes import Spawner
from benchmarks.questions import changes, cold, handlers, sizes, starting, wrapper
from benchmarks.report import Report
from benchmarks.session import Options, Session
from benchmarks.surroundings import Surroundings, clean_environment
from toolchain.project import cache_directory

QUESTIONS: Mapping[str, Callable[[Session], None]] = {
    "cold": cold.ask,
    "changes": changes.ask,
    "starting": starting.ask,
    "sizes": sizes.ask,
    "handlers": handlers.ask,
    "wrapper": wrapper.ask,
}
WITH_PEERS = {"cold", "changes"}


def main(arguments: Sequence[str]) -> None:
    """Run the comparison that the arguments describe. Its exit code says nothing about targets."""
    options = parse(arguments)
    cache = cache_directory(os.environ) / "benchmarks"
    cache.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the finally below removes gigabytes
    work = Path(tempfile.mkdtemp(prefix="work-", dir=cache))
    surroundings = Surroundings(cache, work, clean_environment(os.environ, cache))
    try:
        with Spawner(work / "output.txt") as spawner:
            _run(options, surroundings, spawner)
    finally:
        packages.remove(work)


def parse(arguments: Sequence[str]) -> Options:
    """The command line as options; ends the process with usage when it is wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks/build.py", description=__doc__)
    parser.add_argument("--functions", type=_at_least_three, nargs="+", default=[3, 10, 50], metavar="N")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each tool (default: 7)")
    parser.add_argument("--peers", default="all", help=f"all, none, or of {','.join(MAKERS)}")
    parser.add_argument("--terraform-aws-lambda", type=Path, metavar="PATH", help="a checkout of that module")
    parser.add_argument("--questions", nargs="+", choices=QUESTIONS, default=list(QUESTIONS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw numbers")
    given = parser.parse_args(arguments)
    peers = {"all": tuple(MAKERS), "none": ()}.get(given.peers, tuple(given.peers.split(",")))
    if unknown := set(peers) - set(MAKERS):
        parser.error(f"--peers: there is no {', '.join(sorted(unknown))}; there are {', '.join(MAKERS)}")
    return Options(
        functions=tuple(sorted(given.functions)),
        rounds=given.rounds,
        peers=peers,
        terraform_aws_lambda=given.terraform_aws_lambda,
        questions=tuple(given.questions),
        json=given.json,
    )


def _at_least_three(text: str) -> int:
    """A size of which both kinds of functions are part."""
    if (count := int(text)) < 3:
        raise argparse.ArgumentTypeError(f"{count} is too few; use 3 or more")
    return count


def _run(options: Options, surroundings: Surroundings, spawner: Spawner) -> None:
    report = Report(sys.stdout, machine())
    for fact, value in report.machine.items():
        report.say(f"{fact}: {value}")
    wanted = options.peers if WITH_PEERS.intersection(options.questions) else ()
    provision = Provision(surroundings, spawner, options.terraform_aws_lambda)
    session = Session(options, surroundings, spawner, report, _find_peers(wanted, provision, report))
    for question in options.questions:
        try:
            QUESTIONS[question](session)
        except BenchmarkError as error:
            report.say(f"{question}: no answer: {error}")
    report.summarize()
    if options.json:
        report.write_json(options.json)


def _find_peers(names: Sequence[str], provision: Provision, report: Report) -> list[Peer]:
    peers, unavailable = find_peers(names, provision)
    for peer in peers:
        report.say(f"compared with {peer.name}: {peer.version}")
    for name, reason in unavailable.items():
        report.say(f"not compared with {name}: {reason}")
    return peers


def machine() -> dict[str, str]:
    """What the numbers depend on."""
    return {
        "processors": f"{os.process_cpu_count()}, {_processor()}",
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
