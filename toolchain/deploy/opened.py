"""A stage, and all that a command needs to work on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.deploy import state_bucket
from toolchain.deploy.cloud import Access
from toolchain.deploy.failures import bucket_missing
from toolchain.deploy.interrupts import Interrupts
from toolchain.deploy.lock import LockPlace
from toolchain.deploy.opening import open_stage
from toolchain.deploy.preparation import Prepared, Setting, prepare
from toolchain.deploy.progress import Progress
from toolchain.deploy.releases.target import Target
from toolchain.deploy.stages import Stage
from toolchain.errors import TerraformError
from toolchain.packaging.name import read_name
from toolchain.project import Project


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command runs in: the shell's environment, the user's cache, who hears of it."""

    environ: Mapping[str, str]
    cache: Path
    progress: Progress
    interrupts: Interrupts


@dataclass(frozen=True, slots=True)
class OpenStage:
    """A stage, and the way to it. `bucket` is the one of the states."""

    project: Project
    stage: Stage
    target: Target
    access: Access
    surroundings: Surroundings

    @property
    def bucket(self) -> str:
        return state_bucket.state_bucket(self.target.project, self.stage.account_id)

    @property
    def files(self) -> Path:
        """Logs and plans of this stage; ignored by git."""
        return self.project.local / "terraform" / self.stage.name

    @property
    def lock_place(self) -> LockPlace:
        return LockPlace(self.access.client("s3"), self.bucket, self.stage.name, self.files / "deploying")

    def say(self, text: str) -> None:
        self.surroundings.progress.say(text)

    def bootstrap(self) -> list[str]:
        """Make the bucket of the states, or mend it; what was done."""
        return state_bucket.bootstrap(self.access, self.stage, self.bucket)

    def ensure_bucket(self) -> None:
        """Raises TerraformError when the bucket is missing; on the local cloud it is made then."""
        if state_bucket.exists(self.access, self.bucket):
            return
        if not self.access.is_local:
            raise TerraformError(bucket_missing(self.bucket, self.stage.name))
        for line in self.bootstrap():
            self.say(line)

    def prepare(self, purpose: str) -> Prepared:
        """Terraform for this stage; `purpose` names the directory for logs and plans."""
        around = self.surroundings
        setting = Setting(self.access.environ, around.cache, self.bucket, purpose, self.access.is_local)
        return prepare(self.project, self.stage, setting, around.interrupts, around.progress.hear)


def open_for_work(project: Project, name: str, surroundings: Surroundings) -> OpenStage:
    """The stage of that name; see open_stage. Raises BuildError, too, when the project has no usable name."""
    stage, access = open_stage(project, name, surroundings.environ)
    target = Target(read_name(project), stage.name, stage.region, stage.account_id)
    return OpenStage(project, stage, target, access, surroundings)
