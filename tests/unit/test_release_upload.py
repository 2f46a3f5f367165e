"""Zips into the bucket."""

import json
from pathlib import Path

import pytest

from tests.unit.release_fakes import FakeBucket, sha256
from toolchain.deploy.releases.packages import Package, packages_of, read_document
from toolchain.deploy.releases.upload import upload
from toolchain.errors import BuildError
from toolchain.project import Project


def _packages(directory: Path, **contents: str) -> list[Package]:
    """Packages of texts, in dist/ and as dist/functions.json lists them."""
    project = Project(directory)
    project.dist.mkdir(exist_ok=True)
    functions = {}
    for name, content in contents.items():
        (project.dist / f"{name}.zip").write_text(content)
        zipped = {"path": f"dist/{name}.zip", "sha256": sha256(content), "bytes": len(content)}
        functions[name] = {"zip": zipped}
    (project.dist / "functions.json").write_text(json.dumps({"format": 1, "functions": functions}))
    return packages_of(read_document(project), project)


def test_what_is_there_is_not_sent_again(tmp_path: Path) -> None:
    """The key is made of the content: another content is another object."""
    bucket = FakeBucket()
    assert [one.is_new for one in upload(bucket, _packages(tmp_path, a="1", b="1"))] == [True, True]
    assert [one.is_new for one in upload(bucket, _packages(tmp_path, a="2", b="1"))] == [True, False]
    assert bucket.objects == {
        f"functions/a/{sha256('1')}.zip": b"1",
        f"functions/a/{sha256('2')}.zip": b"2",
        f"functions/b/{sha256('1')}.zip": b"1",
    }


def test_object_that_is_damaged_is_replaced(tmp_path: Path) -> None:
    bucket = FakeBucket({f"functions/a/{sha256('1')}.zip": b"half"})
    assert [one.is_new for one in upload(bucket, _packages(tmp_path, a="1"))] == [True]
    assert bucket.objects == {f"functions/a/{sha256('1')}.zip": b"1"}


def test_every_stale_or_missing_zip_is_reported_and_nothing_sent(tmp_path: Path) -> None:
    bucket = FakeBucket()
    packages = _packages(tmp_path, a="1", b="1", c="1")
    (tmp_path / "dist" / "b.zip").write_text("2")
    (tmp_path / "dist" / "c.zip").unlink()
    one, two = f"{sha256('1')[:12]}...", f"{sha256('2')[:12]}..."
    with pytest.raises(BuildError) as error:
        upload(bucket, packages)
    assert error.value.problems == (
        f"dist/b.zip: its SHA-256 is {two}, but dist/functions.json says {one}; run `invoke build`",
        "dist/c.zip: No such file or directory; run `invoke build`",
    )
    assert bucket.objects == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "missing"),
        ("?", "Expecting value: line 1 column 1 (char 0)"),
        ('{"format": 2}', "the format is not 1"),
        ("[]", "the format is not 1"),
    ],
)
def test_document_that_is_none(tmp_path: Path, content: str | None, message: str) -> None:
    project = Project(tmp_path)
    project.dist.mkdir()
    if content is not None:
        (project.dist / "functions.json").write_text(content)
    with pytest.raises(BuildError) as error:
        read_document(project)
    assert str(error.value) == f"dist/functions.json: {message}; run `invoke build`"
