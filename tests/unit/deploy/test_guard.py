"""What the guard stops, on plans that Terraform made."""

from copy import deepcopy

import pytest

from tests.unit.deploy.recorded import read_document, read_plan
from toolchain.deploy.guard import PRECIOUS, find_losses, find_unfinished, unused
from toolchain.deploy.plans import parse_plan

_POOL = "aws_cognito_user_pool.main"
_BUCKET = "module.storage.aws_s3_bucket.artifacts"
_HINT = "if it was renamed, add a `moved` block, or, to lose it: --allow-replace"


@pytest.mark.parametrize(
    ("name", "losses"),
    [
        ("first", []),
        ("nothing", []),
        ("code", []),
        ("function_gone", []),
        ("moved", []),
        ("role", []),
        (
            "replaced",
            [
                (
                    f"{_POOL} would be deleted and made anew because username_attributes changes:"
                    f" all users are lost; {_HINT} '{_POOL}'"
                )
            ],
        ),
        ("renamed", [f"{_POOL} would be deleted: all users are lost; {_HINT} '{_POOL}'"]),
        (
            "forgotten",
            [f"{_POOL} would be forgotten, and made a second time: all users are lost; {_HINT} '{_POOL}'"],
        ),
        (
            "bucket",
            [
                (
                    f"{_BUCKET} would be deleted and made anew because bucket changes:"
                    f" all objects are lost; {_HINT} '{_BUCKET}'"
                )
            ],
        ),
        (
            "destroy",
            [
                f"{_POOL} would be deleted: all users are lost; {_HINT} '{_POOL}'",
                f"{_BUCKET} would be deleted: all objects are lost; {_HINT} '{_BUCKET}'",
            ],
        ),
    ],
)
def test_losses(name: str, losses: list[str]) -> None:
    assert [str(loss) for loss in find_losses(read_plan(name))] == losses


@pytest.mark.parametrize("actions", [["delete"], ["delete", "create"], ["create", "delete"], ["forget"]])
@pytest.mark.parametrize("type_name", sorted(PRECIOUS))
def test_every_precious_type_is_stopped_at(type_name: str, actions: list[str]) -> None:
    """However it would be lost; an object that was deposed is lost like any other."""
    document = deepcopy(read_document("replaced"))
    [resource] = document["resource_changes"]
    resource["type"], resource["change"]["actions"], resource["deposed"] = type_name, actions, "00000000"
    assert len(find_losses(parse_plan(document))) == 1


def test_what_was_left_unfinished_can_be_kept() -> None:
    """Unless it is named: then it is made anew."""
    document = deepcopy(read_document("replaced"))
    document["resource_changes"][0]["action_reason"] = "replace_because_tainted"
    assert find_unfinished(parse_plan(document)) == [_POOL]
    assert find_unfinished(parse_plan(document), [_POOL]) == []
    assert find_unfinished(read_plan("replaced")) == []


@pytest.mark.parametrize("allowed", [_POOL, f"{_POOL}x", "aws_cognito_user_pool", "*", ""])
def test_only_the_whole_address_allows(allowed: str) -> None:
    plan = read_plan("replaced")
    assert find_losses(plan, [allowed]) == ([] if allowed == _POOL else find_losses(plan))
    assert unused(plan, [allowed]) == ([] if allowed == _POOL else [allowed])


def test_one_that_is_allowed_allows_no_other() -> None:
    assert [loss.change.address for loss in find_losses(read_plan("destroy"), [_POOL])] == [_BUCKET]
