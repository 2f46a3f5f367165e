"""`invoke scan`."""

import sys

from invoke.context import Context

from toolchain.tasks.declare import project, task


@task(
    iterable=["plan"],
    help={"plan": "scan this plan's JSON too (`terraform show -json`); may be given several times"},
)
def scan(_: Context, plan: list[str]) -> None:
    """Check terraform/ and plans: checkov, trivy, own policies; exceptions: terraform/scan_ledger.yaml."""
    from pathlib import Path

    from toolchain.scan import run

    sys.stderr.write("scanning terraform/ and the workflows; this takes minutes\n")
    for line in run.lines(run.scan(project(), [Path(each) for each in plan])):
        print(line)  # noqa: T201 - the answer
