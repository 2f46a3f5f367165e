"""dist/functions.json: complete, and true of the packages beside it; or not there."""

import base64
import hashlib
import json

import pytest

from tests.packaging.checkouts import HANDLER, Checkout


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"functions": []}', None])
def test_functions_json_is_made_anew_whatever_it_is(content: bytes | None, two: Checkout) -> None:
    before = two.dist()
    document = two.project.dist / "functions.json"
    if content is None:
        document.unlink()
    else:
        document.write_bytes(content)
    assert two.statuses() == {"letters": "reused", "people": "reused"}
    assert two.dist() == before


def test_functions_json_of_a_function_built_alone(two: Checkout) -> None:
    """The other one's package is what it was, so is its entry."""
    before = two.document()
    two.write("functions/people/handler.py", HANDLER + "# changed\n")
    two.write("functions/letters/handler.py", HANDLER + "# changed, not built\n")
    assert two.statuses("people") == {"people": "built"}
    assert two.document()["letters"] == before["letters"]
    assert two.document()["people"] != before["people"]


def test_functions_json_waits_until_every_function_is_built(sample: Checkout) -> None:
    sample.function("letters")
    sample.function("people")
    sample.build("people")
    assert [path.name for path in sample.project.dist.glob("[!.]*")] == ["people.zip"]
    sample.build("letters")
    assert list(sample.document()) == ["letters", "people"]


def test_functions_json_never_lists_a_package_that_is_not_there(two: Checkout) -> None:
    two.zip("letters").unlink()
    two.build("people")
    assert [path.name for path in two.project.dist.glob("[!.]*")] == ["people.zip"]


def test_functions_json_is_not_left_behind_by_a_new_function(two: Checkout) -> None:
    two.function("visits")
    two.write("functions/people/handler.py", HANDLER + "# changed\n")
    two.build("people")
    assert not (two.project.dist / "functions.json").exists()


def test_functions_json_has_what_terraform_needs(two: Checkout) -> None:
    content = two.zip("people").read_bytes()
    digest = hashlib.sha256(content)
    document = json.loads((two.project.dist / "functions.json").read_bytes())
    assert (document["format"], document["project"], document["runtime"]) == (1, "sample", "python3.13")
    assert document["functions"]["people"]["handler"] == "functions.people.handler.handler"
    assert document["functions"]["people"]["zip"] == {
        "path": "dist/people.zip",
        "sha256": digest.hexdigest(),
        "sha256_base64": base64.b64encode(digest.digest()).decode(),
        "bytes": len(content),
        "unzipped_bytes": two.build()["people"].unzipped_bytes,
    }


def test_another_architecture_by_request_is_recorded(two: Checkout) -> None:
    """Terraform must create the function for what its package is built for."""
    two.build(architecture="arm64")
    assert {name: one["architecture"] for name, one in two.document().items()} == {
        "letters": "arm64",
        "people": "arm64",
    }
    two.build("people")
    (two.project.dist / "functions.json").unlink()
    two.build("people")
    assert {name: one["architecture"] for name, one in two.document().items()} == {
        "letters": "arm64",
        "people": "x86_64",
    }
