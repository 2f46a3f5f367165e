"""Terraform's errors, with what to do about them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolchain.deploy.stream import Diagnostic

OLDEST = (1, 11)
"""The S3 backend's lock file is stable since 1.11: https://developer.hashicorp.com/terraform/language/backend/s3"""

GET_TERRAFORM = "brew install hashicorp/tap/terraform, or developer.hashicorp.com/terraform/install"

_MIRROR = (
    "connect to the internet, or set TF_PLUGIN_MIRROR to a directory that holds registry.terraform.io"
    " (made elsewhere with `terraform providers mirror DIRECTORY`)"
)
_UNINITIALIZED = re.compile(
    "Backend initialization required|Required plugins are not installed|Module not installed|Inconsistent"
    " dependency lock file|Missing required provider|Could not load plugin|Missing or corrupted provider"
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the explanations name: the stage, its bucket of states, and Terraform's log as people find it."""

    stage: str
    bucket: str
    log: str


@dataclass(frozen=True, slots=True)
class _Explanation:
    pattern: re.Pattern[str]
    say: Callable[[re.Match[str], Circumstances], str]


def _explanation(pattern: str, say: Callable[[re.Match[str], Circumstances], str]) -> _Explanation:
    return _Explanation(re.compile(pattern, re.DOTALL), say)


_EXPLANATIONS = (
    _explanation(
        r"(?:Error acquiring the state lock|failed to lock s3 state)"
        r".*?Operation:\s*(?:OperationType)?(\S*).*?Who:\s*(\S+).*?Created:\s*([^\n]+)",
        lambda found, on: locked(on.stage, found[2], found[3].strip(), (found[1] or "terraform").lower()),
    ),
    _explanation(
        r"(?i)NoSuchBucket|S3 bucket \S+ does not exist|bucket does not exist",
        lambda _, on: (
            f"the state bucket {on.bucket} does not exist; make it: invoke bootstrap --stage {on.stage}"
        ),
    ),
    _explanation(
        r"ExpiredToken|RequestExpired|token (?:included in the request )?(?:is|has) expired",
        lambda _, on: f"the AWS credentials are expired; sign in again, and deploy stage {on.stage} again",
    ),
    _explanation(
        r"No valid credential sources found|failed to refresh cached credentials",
        lambda _, on: f"there are no AWS credentials; sign in to the account of stage {on.stage}",
    ),
    _explanation(
        r"(?:Failed to query available provider packages|Failed to install provider)"
        r".*?provider\s+(?:registry\.terraform\.io/)?([\w-]+/[\w-]+)",
        lambda found, _: f"the provider {found[1]} can't be installed: {_reason(found)}; {_MIRROR}",
    ),
    _explanation(
        r"Unsupported Terraform Core version.*?version\s+(\d\S+?)\.?\s",
        lambda found, _: (
            f"Terraform {found[1]} is too old for this project; get a newer one: {GET_TERRAFORM}"
        ),
    ),
    _explanation(
        r"EntityAlreadyExists|BucketAlreadyOwnedByYou|ResourceConflictException|AlreadyExists|already exists",
        lambda found, on: (
            f"{_one_line(found.string)}; it is not in the state of stage {on.stage}: a Terraform that was"
            " killed may have made it; delete it, or `terraform import` it"
        ),
    ),
    _explanation(
        r"Saved plan is stale",
        lambda _, on: f"stage {on.stage} was changed after it was planned; run it again",
    ),
    _explanation(
        r"no such host|connection refused|dial tcp",
        lambda found, _: f"the network failed: {_one_line(found.string)}",
    ),
)


def explain(diagnostics: Sequence[Diagnostic], circumstances: Circumstances) -> list[str]:
    """A line for each error: what happened, and what to do; Terraform's words where nothing else is known."""
    errors = [one for one in diagnostics if one.severity == "error"]
    if not errors:
        return [f"Terraform ended without a word; its log is {circumstances.log}"]
    return [_explain(one, circumstances) for one in errors]


def needs_init(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether Terraform asks for `init`: somebody has changed what the last one had made."""
    return any(_UNINITIALIZED.search(one.summary) for one in diagnostics)


def lacks_workspace(diagnostics: Sequence[Diagnostic]) -> bool:
    """Whether `init` misses the workspace, which the first plan makes: others are there already."""
    return any("Currently selected workspace" in one.summary for one in diagnostics)


def locked(stage: str, who: str, since: str, operation: str) -> str:
    """Says who holds a stage."""
    return (
        f"stage {stage} is locked by {who} since {since} ({operation}); wait for that to end,"
        f" or if it was killed: invoke unlock --stage {stage}"
    )


def bucket_missing(bucket: str, stage: str) -> str:
    return f"the state bucket {bucket} does not exist; make it: invoke bootstrap --stage {stage}"


def _explain(error: Diagnostic, circumstances: Circumstances) -> str:
    text = f"{error.summary}\n{error.detail}"
    for one in _EXPLANATIONS:
        found = one.pattern.search(text)
        if found:
            return one.say(found, circumstances)
    where = f"{error.address}: " if error.address else ""
    detail = _one_line(error.detail)
    return f"{where}{_one_line(error.summary)}{': ' if detail else ''}{detail}"


def _reason(found: re.Match[str]) -> str:
    """What Terraform says after the provider's name, without its advice."""
    said = found.string[found.end() :].partition("\n\n")[0]
    return _one_line(said).lstrip(": ").rstrip(".") or "it was not found"


def _one_line(text: str) -> str:
    return " ".join(text.split())
