"""Terraform's errors, as Terraform 1.11.4 words them, and what is made of them."""

import pytest

from toolchain.deploy.failures import Circumstances, explain, needs_init
from toolchain.deploy.stream import Diagnostic

_ON = Circumstances("dev", "shop-tfstate-123456789012", ".local/terraform/dev")
_MIRROR = (
    "connect to the internet, or set TF_PLUGIN_MIRROR to a directory that holds registry.terraform.io"
    " (made elsewhere with `terraform providers mirror DIRECTORY`)"
)
_QUERY = "Failed to query available provider packages"
_RETRIEVE = "Could not retrieve the list of available versions for provider hashicorp/aws: "
_ADVICE = "\n\nTo see which modules are currently depending on hashicorp/aws, run the following command"
_LOCKED = """\
Error message: operation error S3: PutObject, https response error StatusCode: 412, RequestID: J, HostID: 9, \
api error PreconditionFailed: At least one of the pre-conditions you specified did not hold
Lock Info:
  ID:        6f3a2d6e-1111-2222-3333-444455556666
  Path:      shop-tfstate-123456789012/stages/dev/terraform.tfstate
  Operation: OperationTypeApply
  Who:       ada@laptop
  Version:   1.11.4
  Created:   2026-01-31 12:00:00.123456789 +0000 UTC
  Info:      \n\n
Terraform acquires a state lock to protect the state from being written
by multiple users at the same time."""


@pytest.mark.parametrize(
    ("summary", "detail", "line"),
    [
        (
            "Error acquiring the state lock",
            _LOCKED,
            (
                "stage dev is locked by ada@laptop since 2026-01-31 12:00:00.123456789 +0000 UTC"
                " (apply); wait for"
                " that to end, or if it was killed: invoke unlock --stage dev"
            ),
        ),
        (  # `init`, as it makes the workspace
            "Error loading state: failed to lock s3 state: " + _LOCKED.replace("OperationTypeApply", "init"),
            "",
            (
                "stage dev is locked by ada@laptop since 2026-01-31 12:00:00.123456789 +0000 UTC"
                " (init); wait for"
                " that to end, or if it was killed: invoke unlock --stage dev"
            ),
        ),
        (
            (
                'Failed to get existing workspaces: S3 bucket "shop-tfstate-123456789012" does not'
                " exist.\n\nThe"
                " referenced S3 bucket must have been previously created."
            ),
            "",
            (
                "the state bucket shop-tfstate-123456789012 does not exist; make it: invoke bootstrap"
                " --stage dev"
            ),
        ),
        (
            _QUERY,
            (
                f"{_RETRIEVE}provider registry.terraform.io/hashicorp/aws was not found in any of the search"
                " locations\n\n  - /mirror"
            ),
            (
                "the provider hashicorp/aws can't be installed: provider"
                " registry.terraform.io/hashicorp/aws was"
                f" not found in any of the search locations; {_MIRROR}"
            ),
        ),
        (
            _QUERY,
            (
                f"{_RETRIEVE}could not connect to registry.terraform.io: failed to request"
                " discovery document:"
                f" dial tcp: lookup registry.terraform.io: no such host{_ADVICE}"
            ),
            (
                "the provider hashicorp/aws can't be installed: could not connect to"
                " registry.terraform.io: failed"
                " to request discovery document: dial tcp: lookup registry.terraform.io: no such"
                f" host; {_MIRROR}"
            ),
        ),
        (
            _QUERY,
            f"{_RETRIEVE}no available releases match the given constraints >= 99.0.0{_ADVICE}",
            (
                "the provider hashicorp/aws can't be installed: no available releases match the"
                " given constraints"
                f" >= 99.0.0; {_MIRROR}"
            ),
        ),
        (
            "Unsupported Terraform Core version",
            "This configuration does not support Terraform version 1.11.4. To proceed, either choose another",
            (
                "Terraform 1.11.4 is too old for this project; get a newer one: brew install"
                " hashicorp/tap/terraform,"
                " or developer.hashicorp.com/terraform/install"
            ),
        ),
        (
            "No valid credential sources found",
            "Please see https://developer.hashicorp.com/terraform/language/backend/s3",
            "there are no AWS credentials; sign in to the account of stage dev",
        ),
        (
            "Retrieving AWS account details",
            "api error ExpiredToken: The provided token has expired.",
            "the AWS credentials are expired; sign in again, and deploy stage dev again",
        ),
        (
            "Saved plan is stale",
            (
                "The given plan file can no longer be applied because the state was changed by another"
                " operation."
            ),
            "stage dev was changed after it was planned; run it again",
        ),
        (
            "validating provider credentials: retrieving caller identity from STS",
            "dial tcp 127.0.0.1:1: connect: connection refused",
            (
                "the network failed: validating provider credentials: retrieving caller identity"
                " from STS dial tcp"
                " 127.0.0.1:1: connect: connection refused"
            ),
        ),
        (
            "creating IAM Role (shop-dev-a): operation error IAM: CreateRole, EntityAlreadyExists",
            "",
            (
                "creating IAM Role (shop-dev-a): operation error IAM: CreateRole, EntityAlreadyExists; it is"
                " not in the state of stage dev: a Terraform that was killed may have made it; delete it, or"
                " `terraform import` it"
            ),
        ),
        (
            "Resource precondition failed",
            "Functions reserve 90 connections,\nbut there are 60.",
            (
                "terraform_data.stage_rules: Resource precondition failed: Functions reserve 90"
                " connections, but there"
                " are 60."
            ),
        ),
    ],
)
def test_error_in_one_line(summary: str, detail: str, line: str) -> None:
    """What happened, and what to do."""
    address = "terraform_data.stage_rules" if "precondition" in summary else ""
    assert explain([Diagnostic("error", summary, detail, address)], _ON) == [line]


def test_every_error_is_told_and_no_warning() -> None:
    found = [
        Diagnostic("error", "one", ""),
        Diagnostic("warning", "two", ""),
        Diagnostic("error", "three", "of them"),
    ]
    assert explain(found, _ON) == ["one", "three: of them"]


def test_end_without_a_word() -> None:
    assert explain([], _ON) == ["Terraform ended without a word; its log is .local/terraform/dev"]


@pytest.mark.parametrize(
    ("summary", "is_so"),
    [
        ('Backend initialization required, please run "terraform init"', True),
        ("Required plugins are not installed", True),
        ("Module not installed", True),
        ("Error acquiring the state lock", False),
    ],
)
def test_what_init_mends(summary: str, *, is_so: bool) -> None:
    assert needs_init([Diagnostic("error", summary, "")]) is is_so
