"""What `invoke bootstrap`, `plan`, `deploy`, `outputs`, `drift`, `destroy` and `unlock` do."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO
from zipfile import is_zipfile

from toolchain.deploy import outputs as rendering
from toolchain.deploy import summary
from toolchain.deploy.concurrency import find_shortages
from toolchain.deploy.deployment import Confirm, Deployment, Request, build, foresee, plan_stage, save
from toolchain.deploy.guard import find_losses, find_unfinished
from toolchain.deploy.interrupts import Interrupts
from toolchain.deploy.lock import deploying, describe_lock, is_held_here, only_one, read_lock, remove_lock
from toolchain.deploy.opened import OpenStage, Surroundings, open_for_work
from toolchain.deploy.plans import Change, parse_plan
from toolchain.deploy.progress import Progress
from toolchain.deploy.releases.packages import read_document
from toolchain.errors import DeployError
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of `invoke deploy`."""

    yes: bool = False
    function: str | None = None
    plan: str | None = None
    allow_replace: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Console:
    """The environment, the user's cache, and the standard streams."""

    environ: Mapping[str, str]
    cache: Path
    input: TextIO = sys.stdin
    output: TextIO = sys.stdout
    status: TextIO = sys.stderr

    def write(self, line: str) -> None:
        self.output.write(f"{line}\n")
        self.output.flush()

    def ask(self, question: str) -> str:
        """An answer; empty when there is nobody to ask."""
        self.status.write(f"{question} ")
        self.status.flush()
        return self.input.readline().strip()

    def confirm(self, question: str) -> bool:
        return self.ask(f"{question} [y/N]").lower() in ("y", "yes")

    @contextmanager
    def open(self, project: Project, stage: str) -> Iterator[OpenStage]:
        """A stage, with signals handled; see open_stage."""
        progress = Progress(self.status)
        interrupts = Interrupts(progress.say)
        with interrupts.handled():
            yield open_for_work(project, stage, Surroundings(self.environ, self.cache, progress, interrupts))


def bootstrap(project: Project, name: str, console: Console) -> None:
    """Make the bucket of the states, or mend it."""
    with console.open(project, name) as stage:
        done = stage.bootstrap()
        for line in done or [f"the bucket {stage.bucket} is as it should be"]:
            console.write(line)


def plan(project: Project, name: str, out: str | None, console: Console, *, as_json: bool) -> None:
    """Show what a deploy would change, and change nothing."""
    with console.open(project, name) as stage:
        prepared = stage.prepare("plan")
        build(stage)
        document = read_document(project)
        stage.ensure_bucket()
        with only_one(prepared.workplace.files, name):
            found = plan_stage(stage, prepared, prepared.workplace.plan)
            outlook = foresee(stage, prepared.terraform.outputs(), document["functions"])
            if out:
                save(prepared.workplace.plan, Path(out))
        if as_json:
            console.write(json.dumps(summary.to_json(found, name, outlook), indent=2))
            return
        for line in summary.lines(found, outlook):
            console.write(line)
        unfinished = find_unfinished(found)
        for address in unfinished:
            console.write(f"deploy would keep {address}, which an interrupted deploy has left unfinished")
        for problem in (*find_losses(found, unfinished), *find_shortages(found, stage.access, stage.stage)):
            console.write(f"deploy would stop: {problem}")


def deploy(project: Project, name: str, choices: Choices, console: Console) -> None:
    """Bring a stage to what the checkout says, and release it."""
    if choices.function and choices.plan:
        raise DeployError("--function and --plan exclude each other: a saved plan says what it deploys")
    with console.open(project, name) as stage:
        wanted = Request(
            choices.function,
            _saved(choices.plan, name) if choices.plan else None,
            choices.allow_replace,
            _confirmation(stage, choices, console),
        )
        Deployment(stage, wanted, console.write).run()


def outputs(project: Project, name: str, form: str, console: Console) -> None:
    """Print the outputs of a stage."""
    rendering.check(form)
    with console.open(project, name) as stage:
        found = _outputs(stage)
        endpoint = stage.access.environ.get("AWS_ENDPOINT_URL") if stage.access.is_local else None
        console.output.write(rendering.render(found, form, endpoint))


def drift(project: Project, name: str, console: Console) -> bool:
    """Show what others than Terraform have changed; whether there is such a thing.

    That is what a plan changes after it has looked at AWS, and would not have changed before.
    """
    with console.open(project, name) as stage:
        prepared = stage.prepare("plan")
        build(stage)
        stage.ensure_bucket()
        with only_one(prepared.workplace.files, name):
            believed = plan_stage(stage, prepared, prepared.workplace.plan, refresh=False)
            found = plan_stage(stage, prepared, prepared.workplace.plan)
        known = {_what(change) for change in believed.changes}
        drifted = type(found)(tuple(change for change in found.changes if _what(change) not in known))
        for line in summary.drift_lines(drifted) if drifted.changes else ["no drift"]:
            console.write(line)
        return bool(drifted.changes)


def destroy(project: Project, name: str, console: Console, *, yes: bool = False) -> None:
    """Delete everything of a stage, after its name was typed, unless `yes`.

    Raises DeployError for a protected stage, whatever is said.
    """
    with console.open(project, name) as stage:
        if stage.stage.is_protected:
            raise DeployError(
                f"stage {name} is protected; to destroy it, deploy it with `protected = false` in its tfvars"
            )
        prepared = stage.prepare("deploy")
        build(stage)
        stage.ensure_bucket()
        with deploying(stage.lock_place, "destroy", stage.say):
            prepared.terraform.wait_for_orphan(stage.say)
            terraform, file = prepared.terraform, prepared.workplace.plan
            if not prepared.initialized(lambda: terraform.plan(file, destroy=True)):
                console.write(f"stage {name} has nothing")
                return
            found = parse_plan(terraform.show(file))
            for line in summary.lines(found):
                console.write(line)
            question = f"This can't be undone. Type {name} to destroy stage {name}:"
            if not yes and console.ask(question) != name:
                raise DeployError("nothing was destroyed")
            terraform.apply(file)
            console.write(f"stage {name} is gone")


def unlock(project: Project, name: str, console: Console, *, yes: bool) -> None:
    """Remove the locks that a killed deploy has left, once its Terraform has ended, too.

    Raises DeployError while a deploy runs in this checkout.
    """
    with console.open(project, name) as stage:
        place = stage.lock_place
        if is_held_here(place):
            raise DeployError(f"a deploy of stage {name} runs in this checkout; wait for it, or end it")
        stage.prepare("deploy").terraform.wait_for_orphan(stage.say)
        held = {
            key: lock
            for key in (place.key, place.terraform_key)
            if (lock := read_lock(place, key)) is not None
        }
        if not held:
            console.write(f"stage {name} is not locked")
            return
        for lock in held.values():
            console.write(f"locked by {describe_lock(lock)}")
        if not yes and not console.confirm("Has that ended for certain? Remove the lock?"):
            raise DeployError("the lock was left")
        for key in held:
            remove_lock(place, key)
        console.write(f"stage {name} is unlocked")


def _confirmation(stage: OpenStage, choices: Choices, console: Console) -> Confirm | None:
    """Who is asked. Nobody on the local cloud, where nothing is lost but time."""
    if choices.yes or stage.access.is_local:
        return None
    if not console.input.isatty():
        raise DeployError("deploy asks before it changes anything, and nobody can answer here; use --yes")
    return console.confirm


def _saved(plan: str, stage: str) -> Path:
    """A saved plan, before anything is asked or written; Terraform keeps them as zips."""
    path, problem = Path(plan).absolute(), None
    if not path.is_file():
        problem = "there is no such file"
    elif not is_zipfile(path):
        problem = "it is not a plan that was saved"
    if problem:
        raise DeployError(f"--plan {plan}: {problem}; make one: invoke plan --stage {stage} --out {plan}")
    return path


def _outputs(stage: OpenStage) -> Mapping[str, Any]:
    stage.ensure_bucket()
    prepared = stage.prepare("plan")
    return prepared.initialized(prepared.terraform.outputs)


def _what(change: Change) -> tuple[str, str, tuple[str, ...]]:
    return change.address, change.kind, change.attributes
