"""What runs when a version of a function is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.local.invocation import LATEST


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """One version of a function: where its code is, and how it runs. `arn` has no qualifier.

    `environment` is complete but for the log stream, which each instance has for itself. `visible` has the
    names that the zip would have, as in toolchain.local.run.packed; None if `task_root` is an unzipped
    package. A change of what is in `watched` makes running instances stale; `read_at` is its state (see
    freshness.Watch) when this was read. `dead_letter_arn` is the queue or topic that gets events which are
    given up. `problem` says why it can't run at all; then it never does.
    """

    name: str
    arn: str
    handler: str
    memory_mb: int
    timeout_seconds: int
    environment: Mapping[str, str]
    task_root: Path
    version: str = LATEST
    visible: Mapping[str, Sequence[str]] | None = None
    dependencies: Path | None = None
    watched: tuple[Path, ...] = ()
    reserved_concurrency: int | None = None
    dead_letter_arn: str | None = None
    problem: str | None = None
    read_at: tuple[int, ...] = field(default=(), compare=False)
