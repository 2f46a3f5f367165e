"""Plans for people, on plans that Terraform made."""

from copy import deepcopy

import pytest

from tests.unit.deploy.recorded import read_document, read_plan
from toolchain.deploy.guard import PRECIOUS
from toolchain.deploy.plans import Change, Plan, parse_plan
from toolchain.deploy.releases.aliases import Move
from toolchain.deploy.releases.outlook import Outlook
from toolchain.deploy.releases.record import Release
from toolchain.deploy.summary import drift_lines, headline, lines, summarize, to_json
from toolchain.errors import TerraformError

_USERS = "users get it when the release moves the alias"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nothing", "no changes"),
        (
            "code",
            'module.function["people"].aws_lambda_function.this  s3_key, source_code_hash; {_USERS}',
        ),
    ],
)
def test_headlines(name: str, text: str) -> None:
    assert text.replace("{_USERS}", _USERS) in "\n".join(lines(read_plan(name)))


def test_first_deploy() -> None:
    assert list(lines(read_plan("first"))) == [
        "7 to create",
        "  low     create   aws_cognito_user_pool.main",
        "  low     create   aws_iam_role.functions",
        '  low     create   module.function["letters"].aws_lambda_alias.live',
        '  low     create   module.function["letters"].aws_lambda_function.this',
        '  low     create   module.function["people"].aws_lambda_alias.live',
        '  low     create   module.function["people"].aws_lambda_function.this',
        "  low     create   module.storage.aws_s3_bucket.artifacts",
        "  outputs that change: api_url, artifact_bucket, functions, user_pool_id",
    ]


def test_risks_come_first_with_their_reasons() -> None:
    assert list(lines(read_plan("bucket"))) == [
        "1 to replace, 2 to update",
        (
            "  high    replace  module.storage.aws_s3_bucket.artifacts             "
            "  bucket can't be changed in place; all objects are lost"
        ),
        f'  low     update   module.function["letters"].aws_lambda_function.this  s3_bucket; {_USERS}',
        f'  low     update   module.function["people"].aws_lambda_function.this   s3_bucket; {_USERS}',
        "  outputs that change: artifact_bucket, functions",
    ]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("moved", "  low     move     aws_cognito_user_pool.people  from aws_cognito_user_pool.main"),
        (
            "renamed",
            (
                "  high    delete   aws_cognito_user_pool.main    it is not in terraform/ any more;"
                " all users are lost"
            ),
        ),
        (
            "forgotten",
            (
                "  high    forget   aws_cognito_user_pool.main   it is not in terraform/ any more;"
                " it stays, but nobody looks after it"
            ),
        ),
        ("role", "  medium  update   aws_iam_role.functions  assume_role_policy; who may do what changes"),
    ],
)
def test_what_why_and_risk(name: str, line: str) -> None:
    assert line in list(lines(read_plan(name)))


def test_function_that_is_gone() -> None:
    items = summarize(read_plan("function_gone"))
    assert {(item.kind, item.why) for item in items} == {("delete", "its module, or its function, is gone")}


def test_many_creations_are_counted_by_module() -> None:
    """`module.a["x.y"]` is one module, whatever its key has in it."""
    addresses = [
        *(f'module.function["{name}"].aws_iam_role.this' for name in ("a.b", "c")),
        *(f"module.network.aws_subnet.this[{number}]" for number in range(11)),
        "terraform_data.stage_rules",
    ]
    plan = Plan(tuple(Change(address, address.split(".")[-2], "create") for address in addresses))
    assert list(lines(plan)) == [
        "14 to create",
        '  low     create   1 in module.function["a.b"]',
        '  low     create   1 in module.function["c"]',
        "  low     create   11 in module.network",
        "  low     create   1 in the root module",
    ]


def test_many_deletions_are_counted_by_module() -> None:
    """What holds data is listed: it is what whoever destroys a stage has to look at."""
    gone = Change("module.data.aws_db_instance.this", "aws_db_instance", "delete")
    subnets = [
        Change(f"module.network.aws_subnet.this[{number}]", "aws_subnet", "delete") for number in range(12)
    ]
    role = Change(
        'module.function["a"].aws_iam_role.this', "aws_iam_role", "delete", reason="delete_because_no_module"
    )
    assert list(lines(Plan((gone, *subnets, role)))) == [
        "14 to delete",
        f"  high    delete   module.data.aws_db_instance.this  {PRECIOUS['aws_db_instance']}",
        '  medium  delete   1 in module.function["a"]  its module, or its function, is gone',
        "  medium  delete   12 in module.network",
    ]


@pytest.mark.parametrize(
    ("change", "risk", "consequence"),
    [
        (Change("a", "aws_db_instance", "update", ("instance_class",)), "medium", "the database may restart"),
        (
            Change("a", "aws_db_instance", "update", ("deletion_protection",)),
            "medium",
            "a safeguard changes",
        ),
        (Change("a", "aws_s3_bucket", "update", ("tags",)), "low", ""),
        (Change("a", "aws_iam_role_policy", "delete"), "medium", ""),
        (Change("a", "aws_subnet", "replace"), "medium", "it is away until it is made anew"),
        (Change("a", "aws_subnet", "forget"), "medium", "it stays, but nobody looks after it"),
        (Change("a", "aws_vpc_security_group_ingress_rule", "update"), "medium", "who may do what changes"),
    ],
)
def test_risks(change: Change, risk: str, consequence: str) -> None:
    [item] = summarize(Plan((change,)))
    assert (item.risk, item.consequence) == (risk, consequence)


def test_json_has_what_deploy_would_stop_at() -> None:
    document = to_json(read_plan("replaced"), "dev")
    assert (document["stage"], document["summary"]) == ("dev", "1 to replace")
    assert document["changes"] == [
        {
            "risk": "high",
            "kind": "replace",
            "address": "aws_cognito_user_pool.main",
            "why": "username_attributes can't be changed in place",
            "consequence": "all users are lost",
        }
    ]
    assert [loss["address"] for loss in document["losses"]] == ["aws_cognito_user_pool.main"]


_ROLLBACK = Release(
    id="20260201T120000Z-bbbbbb",
    created="2026-02-01T12:00:00Z",
    who="arn:aws:iam::123456789012:user/ada",
    commit=None,
    is_dirty=False,
    result="live",
    api_url="https://api.example",
    functions={},
    rollback_to="20260131T120000Z-aaaaaa",
)
_BEHIND = tuple(Move(name, f"shop-dev-{name}", "1", "2", "r") for name in ("get_me", "people"))


def test_aliases_that_move_though_nothing_changes() -> None:
    """A rollback that the next deploy undoes."""
    assert list(lines(Plan(()), Outlook(_BEHIND, _ROLLBACK))) == [
        "2 aliases to move",
        "  medium  release  get_me  its alias moves from version 1 to 2",
        "  medium  release  people  its alias moves from version 1 to 2",
        (
            "  live is 20260201T120000Z-bbbbbb, a rollback to 20260131T120000Z-aaaaaa by"
            " arn:aws:iam::123456789012:user/ada: deploy undoes it"
        ),
    ]


def test_alias_of_a_function_that_changes_too() -> None:
    """Nobody knows the version that is published for it."""
    assert [line for line in lines(read_plan("code"), Outlook(_BEHIND)) if "alias" in line] == [
        "1 to update, 2 aliases to move",
        (
            '  low     update   module.function["people"].aws_lambda_function.this'
            f"  s3_key, source_code_hash; {_USERS}"
        ),
        "  medium  release  get_me  its alias moves from version 1 to 2",
        "  medium  release  people  its alias moves from version 1 to 2 or newer",
    ]


def test_json_has_the_aliases() -> None:
    document = to_json(Plan(()), "dev", Outlook(_BEHIND[:1], _ROLLBACK))
    assert document["aliases"] == [{"function": "get_me", "from_version": "1", "published_version": "2"}]
    assert document["rollback_to"] == "20260131T120000Z-aaaaaa"


def test_what_others_have_changed() -> None:
    """Not in a plan's words: no release moves an alias to it."""
    function, pool = "aws_lambda_function.this", "aws_cognito_user_pool.main"
    drifted = Plan(
        (
            Change(function, "aws_lambda_function", "update", ("memory_size",)),
            Change("aws_subnet.this", "aws_subnet", "create"),
            Change(pool, "aws_cognito_user_pool", "replace", ("schema",), ("schema",)),
        )
    )
    assert list(drift_lines(drifted)) == [
        "3 changed by others than Terraform",
        (
            f"  high    changed  {pool}  schema can't be changed in place; the next deploy replaces it;"
            " all users are lost"
        ),
        "  low     gone     aws_subnet.this             the next deploy makes it anew",
        f"  low     changed  {function}    memory_size; the next deploy sets it back",
    ]


def test_plan_of_outputs_alone() -> None:
    assert headline(Plan((), ("api_url",))) == "only outputs change"


def test_actions_that_nobody_knows() -> None:
    """Of a later Terraform: a guard that does not understand a plan lets nothing through."""
    document = deepcopy(read_document("replaced"))
    document["resource_changes"][0]["change"]["actions"] = ["vanish"]
    with pytest.raises(TerraformError, match=r"^aws_cognito_user_pool.main: the plan says vanish, which"):
        parse_plan(document)
