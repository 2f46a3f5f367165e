"""One run: which questions to ask, of whom; prints the answers as they come and a summary at the end."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import packages
from benchmarks.comparison import machine
from benchmarks.errors import BenchmarkError
from benchmarks.processes import Spawner
from benchmarks.report import Report
from benchmarks.serving import reloading, requests, soaking, starting
from benchmarks.serving.load import find_generator
from benchmarks.serving.peers.registry import MAKERS, Provision, find_peers
from benchmarks.serving.peers.up import InvokeUp
from benchmarks.serving.session import Options, Session
from benchmarks.serving.site import Site
from benchmarks.surroundings import Surroundings, clean_environment
from toolchain.project import cache_directory

QUESTIONS: Mapping[str, Callable[[Session], None]] = {
    "starting": starting.ask,
    "requests": requests.ask,
    "reloading": reloading.ask,
}


def main(arguments: Sequence[str]) -> None:
    """Run the comparison that the arguments describe. Its exit code says nothing about targets."""
    options = parse(arguments)
    cache = cache_directory(os.environ) / "benchmarks"
    cache.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are ended and files removed
    work = Path(tempfile.mkdtemp(prefix="work-", dir=cache))
    surroundings = Surroundings(cache, work, clean_environment(os.environ, cache))
    try:
        with Spawner(work / "installing.txt") as spawner:
            _run(options, surroundings, spawner)
    finally:
        packages.remove(work)


def parse(arguments: Sequence[str]) -> Options:
    """The command line as options; ends the process with usage when it is wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks/gateway.py", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each server (default: 5)")
    parser.add_argument("--seconds", type=float, default=3, help="of each load (default: 3)")
    parser.add_argument(
        "--edits", type=int, default=100, help="edits of ours, others get five (default: 100)"
    )
    parser.add_argument("--peers", default="all", help=f"all, none, or of {','.join(MAKERS)}")
    parser.add_argument("--questions", nargs="*", choices=QUESTIONS, default=list(QUESTIONS))
    parser.add_argument(
        "--soak", type=int, default=0, metavar="N", help="a long run of N requests at the end"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the raw numbers")
    given = parser.parse_args(arguments)
    peers = {"all": tuple(MAKERS), "none": ()}.get(given.peers, tuple(given.peers.split(",")))
    if unknown := set(peers) - set(MAKERS):
        parser.error(f"--peers: there is no {', '.join(sorted(unknown))}; there are {', '.join(MAKERS)}")
    return Options(
        rounds=given.rounds,
        seconds=given.seconds,
        edits=given.edits,
        peers=peers,
        questions=tuple(given.questions),
        soak=given.soak,
        json=given.json,
    )


def _run(options: Options, surroundings: Surroundings, spawner: Spawner) -> None:
    report = Report(sys.stdout, machine())
    generator, generate = find_generator()
    report.machine["load"] = generator
    for fact, value in report.machine.items():
        report.say(f"{fact}: {value}")
    site = Site(surroundings.work / "site")
    site.write()
    others, unavailable = find_peers(options.peers, Provision(surroundings, spawner, site))
    for name, reason in unavailable.items():
        report.say(f"not compared with {name}: {reason}")
    peers = (InvokeUp(surroundings, site), *others)
    for peer in peers:
        report.say(f"{peer.name}: {peer.version}")
        peer.prepare()
    session = Session(options, surroundings, report, site, peers, generate)
    asked = [QUESTIONS[name] for name in options.questions]
    for ask in [*asked, *([soaking.ask] if options.soak else [])]:
        try:
            ask(session)
        except BenchmarkError as error:
            report.say(f"no answer: {error}")
    report.summarize()
    if options.json:
        report.write_json(options.json)
