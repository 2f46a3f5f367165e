"""A stage by the name on a command line, and the way to its cloud: whatever happens there begins here."""

import contextlib
from collections.abc import Mapping

from toolchain.deploy.cloud import Access, check_account, choose_environment, connect
from toolchain.deploy.stages import Stage, read_stage, stage_names
from toolchain.errors import StageError
from toolchain.project import Project


def open_stage(project: Project, name: str, environ: Mapping[str, str]) -> tuple[Stage, Access]:
    """The stage, and access with the shell's credentials, which are those of the stage's account.

    Raises StageError, AccountError, or LocalCloudError when it is not so; nothing is written before that.
    """
    stage = read_stage(project, name)
    access = connect(choose_environment(environ, stage, lambda: _endpoint(project)), stage)
    check_account(access, stage, _accounts(project))
    return stage, access


def _endpoint(project: Project) -> str | None:
    """Where the local cloud of this checkout is, if it runs."""
    from toolchain.local.up.record import read_record

    record = read_record(project)
    return record.endpoint_url if record else None


def _accounts(project: Project) -> dict[str, str]:
    """The accounts of all stages that can be read; a broken one is no concern of another."""
    accounts = {}
    for name in stage_names(project):
        with contextlib.suppress(StageError):
            accounts[name] = read_stage(project, name).account_id
    return accounts
