"""The functions that terraform/tests works with have the shape that a build writes."""

import pytest

from tests.terraform.functions_document import FIXTURES, documents


@pytest.mark.parametrize("name", [path.name for path in documents()])
def test_the_documents_of_terraforms_tests_have_the_shape_that_a_build_writes(name: str) -> None:
    """Terraform drops a key that it does not know, so a stale document would test nothing."""
    path = FIXTURES / name
    assert path.read_text(encoding="utf-8") == documents()[path], (
        "write it again: python -m tests.terraform.functions_document"
    )


def test_there_is_no_document_that_nobody_makes() -> None:
    assert set(FIXTURES.iterdir()) == set(documents())
