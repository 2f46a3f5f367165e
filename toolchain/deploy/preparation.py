"""Gets Terraform ready for a stage: its program, its configuration, and `init` where something changed."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from toolchain.deploy.cli_config import write_cli_config
from toolchain.deploy.failures import GET_TERRAFORM, OLDEST, Circumstances
from toolchain.deploy.interrupts import Interrupts
from toolchain.deploy.stages import Stage, terraform_directory
from toolchain.deploy.terraform import Hear, Terraform, UninitializedError, Workplace
from toolchain.errors import MissingToolError, TerraformError
from toolchain.file_locks import exclusive
from toolchain.project import Project

_OURS = re.compile(r"TF_CLI_ARGS(_.*)?|TF_WORKSPACE|TF_DATA_DIR|TF_CLI_CONFIG_FILE|TF_INPUT|TF_IN_AUTOMATION")
"""Variables that would change what a command does; the shell's are not passed on."""

_GARBAGE_PERCENT = "400"
"""Go's collector takes a fifth of the processor time of a plan at its default of 100; this costs 200 MB."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The environment that reaches the stage's cloud, the user's cache, and the bucket of the states.

    `purpose` names the command's own directory for logs and plans; `is_local` is whether the local cloud is
    reached, where other rules hold for a stage.
    """

    environ: Mapping[str, str]
    cache: Path
    bucket: str
    purpose: str
    is_local: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """Terraform, with what its `init` depends on; `lock` is held while it runs."""

    terraform: Terraform
    workplace: Workplace
    backend: Mapping[str, str]
    program: str
    lock: Path

    def ensure_initialized(self) -> None:
        """Run `init`, unless the last one was for the same program, configuration and modules."""
        with _exclusive(self.lock):
            ready = self._ready
            if not ready.exists() or ready.read_text(encoding="utf-8") != self._fingerprint():
                self.initialize()

    def initialize(self) -> None:
        check_version(self.program)
        self.terraform.init(self.backend)
        self._ready.write_text(self._fingerprint(), encoding="utf-8")

    def initialized[T](self, command: Callable[[], T]) -> T:
        """Run a command; again after `init`, if that is what it lacks."""
        self.ensure_initialized()
        try:
            return command()
        except UninitializedError:
            with _exclusive(self.lock):
                self.initialize()
            return command()

    @property
    def _ready(self) -> Path:
        """Holds the fingerprint of the last `init`."""
        return Path(self.workplace.environ["TF_DATA_DIR"]).with_name("ready")

    def _fingerprint(self) -> str:
        program, environ = Path(self.program).resolve(), self.workplace.environ
        directory = self.workplace.directory
        sources = sorted([*directory.rglob("*.tf"), *directory.glob(".terraform.lock.hcl")])
        parts = [
            *(str(part) for part in (program, program.stat().st_mtime_ns, program.stat().st_size)),
            environ["TF_CLI_CONFIG_FILE"],  # named by its content
            json.dumps(dict(self.backend)),
            *(f"{path}\0{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in sources),
        ]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def prepare(project: Project, stage: Stage, setting: Setting, interrupts: Interrupts, hear: Hear) -> Prepared:
    """Terraform for a stage. Raises MissingToolError when it is not on PATH."""
    program = shutil.which("terraform", path=setting.environ.get("PATH"))
    if program is None:
        raise MissingToolError(f"terraform is not on PATH; {GET_TERRAFORM}")
    common = project.local / "terraform" / stage.name
    files = common / setting.purpose
    for directory in (common, files):
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    circumstances = Circumstances(stage.name, setting.bucket, project.relative(files))
    cli_config = write_cli_config(setting.environ, setting.cache)
    surroundings = {
        **terraform_environment(setting.environ, stage, common / "data", cli_config),
        "TF_VAR_is_local_cloud": str(setting.is_local).lower(),  # a shell's can't say so of AWS
    }
    workplace = Workplace(terraform_directory(project), files, stage.path, surroundings, circumstances)
    backend = {"bucket": setting.bucket, "key": "terraform.tfstate", "region": stage.region}
    return Prepared(
        Terraform(program, workplace, interrupts, hear),
        workplace,
        backend,
        program,
        project.local / "terraform.lock",
    )


def terraform_environment(
    environ: Mapping[str, str], stage: Stage, data: Path, cli_config: Path
) -> dict[str, str]:
    """The environment of every command: the workspace is the stage's, whatever was selected before."""
    passed_on = {name: value for name, value in environ.items() if not _OURS.fullmatch(name)}
    return {
        **passed_on,
        "TF_WORKSPACE": stage.name,
        "TF_DATA_DIR": str(data),
        "TF_CLI_CONFIG_FILE": str(cli_config),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
        "GOGC": environ.get("GOGC", _GARBAGE_PERCENT),
    }


def check_version(program: str) -> None:
    """Nothing, if Terraform is new enough. Raises TerraformError otherwise."""
    done = subprocess.run([program, "version", "-json"], capture_output=True, check=False)
    try:
        found = str(json.loads(done.stdout)["terraform_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise TerraformError(f"{program} does not tell its version; {GET_TERRAFORM}") from error
    if tuple(int(part) for part in re.findall(r"\d+", found)[:2]) < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise TerraformError(f"Terraform {found} is too old; {wanted} or newer is needed: {GET_TERRAFORM}")


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """One `init` at a time: all stages of a checkout share the modules' lock file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(path):
        yield
