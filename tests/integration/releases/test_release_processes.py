"""Releases that are killed at any point, and several at once: each a process of its own."""

import json
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.integration.releases.stage import TARGET, ReleasedStage
from tests.integration.running_up import REPOSITORY
from toolchain.deploy.releases.migrating import MIGRATOR, pending
from toolchain.deploy.releases.release import release
from toolchain.deploy.releases.surroundings import surroundings

_MOMENT_SECONDS = 0.1
_MIGRATING_SECONDS = 1.2
"""About how long a release migrates: that begins after its first line."""

pytestmark = pytest.mark.usefixtures("interrupt_counts")


def _begin(stage: ReleasedStage) -> subprocess.Popen[str]:
    """A process that has begun to release the versions that are published."""
    arguments = (stage.stack.record.endpoint_url, str(stage.root), stage.api_url, json.dumps(stage.versions))
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.integration.releases.releasing", *arguments),
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "releasing dev\n"
    return process


def _publish_another(stage: ReleasedStage, names: tuple[str, ...] = ("health", "get_me")) -> None:
    """Publish other code of some functions, which does the same, and a migration that takes a moment."""
    for name in names:
        path = stage.root / "functions" / name / "handler.py"
        path.write_text(f"{path.read_text()}\n# {time.time_ns()}\n")
    folder = stage.root / "migrations"
    table = f"ended{len(list(folder.iterdir())) + 1:04}"
    sql = f"CREATE TABLE {table} AS SELECT SLEEP(0.5) AS slept;\n"
    (folder / f"{table.removeprefix('ended')}_{table}.sql").write_text(sql)
    stage.apply()


def _converges(stage: ReleasedStage) -> None:
    """The next release comes to what is published, and every record says how its release ended."""
    functions = stage.services.functions
    release(stage.services, stage.intent(), surroundings(stage.said.append))
    assert pending(functions, TARGET.function_name(MIGRATOR), stage.versions[MIGRATOR]) == []
    assert stage.live() == stage.versions
    assert {record.result for record in stage.records()} <= {"live", "failed"}
    assert stage.records()[0].result == "live"
    assert stage.health()["database"] == "ok"


def _wait_for(process: subprocess.Popen[str], lines: int, seed: int) -> str:
    """Until so many lines were printed, and a moment more: a point anywhere in a release; the lines."""
    assert process.stdout
    found = "".join(process.stdout.readline() for _ in range(lines))
    moment = _MIGRATING_SECONDS if lines == 1 else _MOMENT_SECONDS
    time.sleep(random.Random(seed).uniform(0, moment))  # noqa: S311 - no secret
    return found


@pytest.mark.parametrize(
    ("lines", "seed"),
    [(0, 1), (1, 2), (1, 9), (1, 10), (2, 3), (3, 4), (3, 5), (3, 6), (4, 7), (5, 8)],
)
def test_killed_release_converges(stage: ReleasedStage, lines: int, seed: int) -> None:
    """SIGKILL at any point; the next one needs no `unlock`, and waits for nobody."""
    _publish_another(stage)
    process = _begin(stage)
    _wait_for(process, lines, seed)
    process.kill()
    process.communicate()
    stage.said.clear()
    _converges(stage)
    assert not any("waiting" in line for line in stage.said)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("lines", [0, 1, 2, 3, 4])
def test_interrupted_release_leaves_one_release(stage: ReleasedStage, lines: int, number: int) -> None:
    """All aliases are where they were, or all have moved; the record says which."""
    stage.release()
    before = stage.live()
    _publish_another(stage)
    process = _begin(stage)
    output = _wait_for(process, lines, 10 * lines + number)
    process.send_signal(number)
    output += process.communicate(timeout=60)[0]
    latest = stage.records()[0]
    has_begun = f"release {latest.id}: " in output
    is_over = has_begun and latest.result == "live"
    endings = (128 + number,) if has_begun and not is_over else (0, 128 + number, -number)
    assert process.returncode in endings, output
    assert stage.live() == (stage.versions if is_over else before), output
    assert latest.result == ("failed" if has_begun and not is_over else "live")
    _converges(stage)


def test_of_several_at_once_one_releases(stage: ReleasedStage) -> None:
    """The others say who does, or find that it is done."""
    _publish_another(stage)
    count = len(stage.records())
    processes = [_begin(stage) for _ in range(4)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    ends = [output.splitlines()[-1] for output in outputs]
    assert ends.count("released") == 1, outputs
    others = [end for end in ends if end != "released"]
    assert all(
        end == "live already" or end.startswith("a deploy of arn:aws:sts::123456789012:user/moto is")
        for end in others
    ), outputs
    assert len(stage.records()) == count + 1
    assert stage.live() == stage.versions
