"""Claims of tokens: those that scopes stand for, and those that triggers and groups change."""

import pytest

from tests.unit.cognito_fakes import USER
from toolchain.local.cognito.pool import Client, Group
from toolchain.local.cognito.tokens.claims import apply_changes, attribute_claims
from toolchain.local.cognito.triggers.tokens import Changes, Groups


@pytest.mark.parametrize(
    ("scopes", "names"),
    [
        (("aws.cognito.signin.user.admin",), {"sub", "email", "email_verified", "name"}),
        (("openid",), {"sub", "email", "email_verified", "name"}),
        (("openid", "email"), {"email", "email_verified"}),
        (("openid", "profile"), {"name"}),
        (("openid", "phone"), set()),
    ],
)
def test_scopes_stand_for_attributes(scopes: tuple[str, ...], names: set[str]) -> None:
    assert attribute_claims(Client("id"), USER, scopes).keys() == names


def test_protected_claims_stay() -> None:
    claims = {"sub": "1", "email": "a", "cognito:username": "ada"}
    changes = Changes({"sub": "2", "dev:x": "3", "tenant": "4"}, ["cognito:username", "email"])
    assert apply_changes(claims, changes) == {"sub": "1", "cognito:username": "ada", "tenant": "4"}


def test_preferred_role_is_that_of_the_most_important_group() -> None:
    groups = sorted(
        [Group("b", "role-b"), Group("c", "role-c", 5), Group("a", None, 1)], key=lambda g: g.rank
    )
    assert Groups.of(groups) == Groups(["a", "c", "b"], ["role-c", "role-b"], "role-c")
