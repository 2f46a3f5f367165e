"""A deploy, in its order: build, plan, guard, confirm, apply, release."""

import platform
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolchain.deploy import state_bucket, summary
from toolchain.deploy.concurrency import find_shortages
from toolchain.deploy.guard import find_losses, find_unfinished, unused
from toolchain.deploy.lock import deploying
from toolchain.deploy.opened import OpenStage
from toolchain.deploy.plans import Plan, parse_plan, planned_packages
from toolchain.deploy.preparation import Prepared
from toolchain.deploy.releases.aws import Cloud, S3Bucket
from toolchain.deploy.releases.outlook import Outlook, look_ahead
from toolchain.deploy.releases.packages import packages_of, read_document
from toolchain.deploy.releases.upload import upload
from toolchain.deploy.releasing import release
from toolchain.errors import DeployError
from toolchain.packaging import build as builder
from toolchain.packaging.progress import Silent
from toolchain.packaging.target import Architecture

FIRST = (
    "module.storage.aws_s3_bucket.artifacts",
    "terraform_data.stage_rules",
    "terraform_data.function_rules",
)
"""What a first deploy applies before all else: where packages are uploaded to, and the rules of the rest."""

_ARCHITECTURES: dict[str, Architecture] = {
    "x86_64": "x86_64",
    "amd64": "x86_64",
    "arm64": "arm64",
    "aarch64": "arm64",
}

type Confirm = Callable[[str], bool]
"""Asks a question, and tells whether the answer is yes."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to deploy: all or one function, from a plan that was saved before or a new one.

    `confirm` is None where nobody needs to be asked.
    """

    function: str | None = None
    plan: Path | None = None
    allowed: Sequence[str] = ()
    confirm: Confirm | None = None


@dataclass
class Deployment:
    """A deploy that goes on."""

    stage: OpenStage
    request: Request
    write: Callable[[str], object]
    prepared: Prepared = field(init=False)
    document: dict[str, Any] = field(init=False)
    is_confirmed: bool = field(init=False)

    def __post_init__(self) -> None:
        self.prepared = self.stage.prepare("deploy")
        self.is_confirmed = self.request.confirm is None

    def run(self) -> None:
        """All of it. Raises ToolchainError when it is stopped or fails; what was applied stays applied."""
        if self.request.plan is None:
            build(self.stage, self.request.function)
        self.document = read_document(self.stage.project)
        self.stage.ensure_bucket()
        with deploying(self.stage.lock_place, "deploy", self.stage.say):
            self.prepared.terraform.wait_for_orphan(self.stage.say)
            self.prepared.ensure_initialized()
            self._make_bucket()
            plan, outputs = self._planned()
            only = self.request.function
            outlook = foresee(self.stage, outputs, [only] if only else self.document["functions"])
            has_changes = bool(plan.changes or plan.outputs)
            if has_changes or outlook.moves:
                self._review(plan, outlook)
            if has_changes:
                outputs = self.prepared.terraform.apply(self._file)
            release(self.stage, self.document, outputs, only)

    def _make_bucket(self) -> None:
        """The bucket of the packages, if this is the first deploy."""
        if state_bucket.exists(self.stage.access, self.stage.target.artifact_bucket):
            return
        if not self.is_confirmed:
            self._review(self._plan(self._file), Outlook())
        self.stage.say(f"first deploy: making the bucket {self.stage.target.artifact_bucket}")
        first = self.prepared.workplace.files / "first.tfplan"
        self._check(self._plan(first, targets=FIRST))
        self.prepared.terraform.apply(first)

    def _planned(self) -> tuple[Plan, dict[str, Any]]:
        """The plan, and the outputs as they are now.

        Packages are uploaded, and outputs read, while Terraform plans.
        """
        saved = self._saved(self.request.plan) if self.request.plan else None
        with ThreadPoolExecutor(2, thread_name_prefix="deploy") as threads:
            uploaded = threads.submit(_upload, self.stage, self.document)
            outputs = threads.submit(self.prepared.terraform.outputs)
            plan = saved or self._plan(self._file, refresh=self.request.function is None)
            uploaded.result()
        if self.request.function:
            _check_others(plan, self.request.function)
        return plan, outputs.result()

    def _saved(self, file: Path) -> Plan:
        """The plan that was saved; of this stage, and for the packages in dist/."""
        save(file, self._file)
        shown = self.prepared.terraform.show(self._file)
        plan = parse_plan(shown)
        self._check_stage(plan)
        self._check_packages(planned_packages(shown))
        return plan

    def _plan(self, out: Path, *, targets: Sequence[str] = (), refresh: bool = True) -> Plan:
        """A plan that keeps what an interrupted deploy has left unfinished, if it holds anything.

        Terraform would make it anew, and delete it for that.
        """
        plan = plan_stage(self.stage, self.prepared, out, targets=targets, refresh=refresh)
        unfinished = find_unfinished(plan, self.request.allowed)
        for address in unfinished:
            self.stage.say(f"keeping {address}, which an interrupted deploy has left unfinished")
            self.prepared.terraform.untaint(address)
        if unfinished:
            return plan_stage(self.stage, self.prepared, out, targets=targets, refresh=refresh)
        return plan

    def _review(self, plan: Plan, outlook: Outlook) -> None:
        """Show what would change; stop at what would be lost, and unless somebody says yes."""
        for line in summary.lines(plan, outlook):
            self.write(line)
        self._check(plan)
        if self.is_confirmed or self.request.confirm is None:
            return
        if not self.request.confirm(f"Change stage {self.stage.stage.name} so?"):
            raise DeployError("nothing was changed")
        self.is_confirmed = True

    def _check_stage(self, plan: Plan) -> None:
        """Terraform would apply a saved plan to the stage it was made for, whichever was locked."""
        wanted = self.stage.stage.name
        if plan.stage != wanted:
            raise DeployError(f"--plan {self.request.plan} is a plan of stage {plan.stage}, not of {wanted}")

    def _check_packages(self, planned: dict[str, str]) -> None:
        """What is uploaded and released must be what the plan publishes."""
        built = {one.name: one.key for one in packages_of(self.document, self.stage.project)}
        names = sorted(name for name in planned | built if planned.get(name) != built.get(name))
        if names:
            raise DeployError(
                f"--plan {self.request.plan} was made for other packages than dist/ has: {', '.join(names)};"
                f" restore the dist/ of that plan, or make a new one: `invoke plan --stage"
                f" {self.stage.stage.name} --out {self.request.plan}`"
            )

    def _check(self, plan: Plan) -> None:
        losses = [str(loss) for loss in find_losses(plan, self.request.allowed)]
        if problems := [*losses, *find_shortages(plan, self.stage.access, self.stage.stage)]:
            raise DeployError(problems)
        for address in unused(plan, self.request.allowed):
            self.stage.say(f"--allow-replace {address}: the plan does not lose it")

    @property
    def _file(self) -> Path:
        return self.prepared.workplace.plan


def build(stage: OpenStage, function: str | None = None) -> None:
    """Bring dist/ up to date; for this machine's processor where the zips will run on it."""
    machine = platform.machine().lower()
    architecture = _ARCHITECTURES.get(machine) if stage.access.is_local else None
    around = stage.surroundings
    around.progress.step("building")
    wanted = builder.Request(function, architecture)
    if function and not (stage.project.dist / "functions.json").exists():
        wanted = builder.Request(None, architecture)
    results = builder.build(stage.project, around.cache, wanted, Silent())
    built = [result.name for result in results if result.status == "built"]
    around.progress.wipe()
    if built:
        local = f" for {architecture}, the processor of this machine" if architecture else ""
        stage.say(f"built {', '.join(built)}{local}")


def plan_stage(
    stage: OpenStage, prepared: Prepared, out: Path, *, targets: Sequence[str] = (), refresh: bool = True
) -> Plan:
    """Save a plan, and read it; an empty one is not read."""
    stage.surroundings.progress.step("planning")
    terraform = prepared.terraform
    has_changes = prepared.initialized(lambda: terraform.plan(out, targets=targets, refresh=refresh))
    stage.surroundings.progress.wipe()
    return parse_plan(terraform.show(out)) if has_changes else Plan(())


def foresee(stage: OpenStage, outputs: Mapping[str, Any], names: Collection[str]) -> Outlook:
    """What the release of these functions moves of what Terraform has published before."""
    return look_ahead(Cloud(stage.target, stage.access), outputs, names)


def save(plan: Path, out: Path) -> None:
    """Copy a saved plan; it holds the values of everything. Raises DeployError when it can't be."""
    try:
        shutil.copyfile(plan, out)
        out.chmod(0o600)
    except OSError as error:
        raise DeployError(f"{error.filename}: {error.strerror}") from error


def _upload(stage: OpenStage, document: dict[str, Any]) -> None:
    """Bring the packages into their bucket."""
    from botocore.config import Config

    client = stage.access.client("s3", config=Config(max_pool_connections=32))
    uploads = upload(S3Bucket(client, stage.target.artifact_bucket), packages_of(document, stage.project))
    if new := [one.package.name for one in uploads if one.is_new]:
        stage.say(f"uploaded {', '.join(new)}")


def _check_others(plan: Plan, function: str) -> None:
    """Raises DeployError when more than the one function would change."""
    own = f'module.function["{function}"].'
    others = [change.address for change in plan.changes if not change.address.startswith(own)]
    if others:
        named = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
        raise DeployError(
            f"--function {function} deploys that function alone, but the stage differs in more: {named};"
            " deploy without --function"
        )
