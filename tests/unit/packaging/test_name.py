"""The project's name."""

import pytest

from tests.packaging.checkouts import Checkout
from toolchain.errors import BuildError
from toolchain.packaging.name import read_name

_RULE = (
    "use at most 27 lower-case letters, digits and single hyphens between them, a letter first:"
    " everything on AWS is called after it"
)


def test_name_is_that_of_pyproject(sample: Checkout) -> None:
    assert read_name(sample.project) == "sample"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "missing"),
        ("[project]", "missing"),
        ("project = 1", "missing"),
        ("[project]\nname = 5", "5"),
        ("[project]\nname = 'Shop'", "'Shop'"),
        ("[project]\nname = 'my_shop'", "'my_shop'"),
        ("[project]\nname = 'shop--two'", "'shop--two'"),
        ("[project]\nname = 'shop-'", "'shop-'"),
        ("[project]\nname = '2shop'", "'2shop'"),
        (f"[project]\nname = '{28 * 'a'}'", f"'{28 * 'a'}'"),
    ],
)
def test_name_that_aws_would_not_take(text: str, found: str, sample: Checkout) -> None:
    """A build says so: Terraform would only after it has made the first resources."""
    sample.write("pyproject.toml", text)
    with pytest.raises(BuildError) as error:
        sample.build()
    assert str(error.value) == f"pyproject.toml: [project] name is {found}; {_RULE}"


def test_pyproject_that_is_none(sample: Checkout) -> None:
    sample.write("pyproject.toml", "[project")
    with pytest.raises(BuildError, match=r"^pyproject.toml can't be read: Expected '\]'"):
        sample.build()
