"""The errors a user of the toolchain can meet.

    ToolchainError             anything the user can mend; its text says what was found and what to do
    ├── ManifestError          a function.yaml, or two of them together, break a rule
    ├── LockError              requirements.txt is missing, stale, edited by hand, or can't be resolved
    ├── BuildError             a package can't be made, or would not run on Lambda
    ├── EventError             a sample event is missing, not JSON, or not an object
    ├── FunctionError          the function that was run, locally or remotely, failed
    ├── LocalCloudError        the local cloud (`invoke up`) can't be started, found or stopped
    ├── AwsError               AWS refused a call, or could not be reached
    ├── ReleaseError           a release can't be made, has failed, or can't be gone back to
    ├── StageError             a stage does not exist, or its tfvars can't be deployed
    ├── AccountError           the credentials are missing, expired, or of another account
    ├── TerraformError         Terraform, its provider or its state is missing, too old, locked, or failed
    ├── DeployError            a deploy was stopped: by a rule, by an answer, or by what it found
    ├── DatabaseServerError    the private MariaDB can't be installed, started or reached
    └── MissingToolError       a program that is needed is not on this machine

Only tasks.py (through toolchain.tasks) prints them and exits.
"""

from collections.abc import Iterable


class ToolchainError(Exception):
    """One or more problems, each a line of its own: file, key, what was found, what is allowed."""

    def __init__(self, problems: str | Iterable[str]) -> None:
        lines = [problems] if isinstance(problems, str) else sorted(set(problems))
        self.problems: tuple[str, ...] = tuple(lines)
        super().__init__("\n".join(self.problems))


class ManifestError(ToolchainError):
    """A function.yaml, or two of them together, break a rule."""


class LockError(ToolchainError):
    """requirements.txt is missing, stale, edited by hand, or can't be resolved."""


class BuildError(ToolchainError):
    """A package can't be made, or would not run on Lambda."""


class EventError(ToolchainError):
    """A sample event is missing, not JSON, or not an object."""


class FunctionError(ToolchainError):
    """The function that was run, locally or remotely, failed."""


class LocalCloudError(ToolchainError):
    """The local cloud (`invoke up`) can't be started, found or stopped."""


class AwsError(ToolchainError):
    """AWS refused a call, or could not be reached."""


class ReleaseError(ToolchainError):
    """A release can't be made, has failed, or can't be gone back to."""


class StageError(ToolchainError):
    """A stage does not exist, or its tfvars can't be deployed."""


class AccountError(ToolchainError):
    """The credentials are missing, expired, or of another account."""


class TerraformError(ToolchainError):
    """Terraform, its provider or its state is missing, too old, locked, or failed."""


class DeployError(ToolchainError):
    """A deploy was stopped: by a rule, by an answer, or by what it found."""


class DatabaseServerError(ToolchainError):
    """The private MariaDB can't be installed, started or reached."""


class MissingToolError(ToolchainError):
    """A program that is needed is not on this machine."""
