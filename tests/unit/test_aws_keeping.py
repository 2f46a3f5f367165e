"""What is saved of the AWS endpoint, when, and how."""

import os
from pathlib import Path

import pytest

from toolchain.local.aws.messages import HttpRequest
from toolchain.local.aws.refusals import action_of
from toolchain.local.aws.saved.blobs import BlobFiles
from toolchain.local.aws.saved.keeping import only_reads

_FORM = ("content-type", "application/x-www-form-urlencoded; charset=utf-8")


def _targeted(action: str) -> HttpRequest:
    return HttpRequest("POST", "/", headers=(("x-amz-target", f"DynamoDB_20120810.{action}"),))


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (_targeted("GetItem"), True),
        (_targeted("BatchGetItem"), True),
        (_targeted("BatchWriteItem"), False),
        (_targeted("BatchExecuteStatement"), False),
        (_targeted("PutItem"), False),
        (HttpRequest("GET", "/bucket/key"), True),
        (HttpRequest("PUT", "/bucket/key"), False),
        (HttpRequest("GET", "/", "Action=ListUsers"), True),
        (HttpRequest("GET", "/", "Action=CreateUser"), False),
        (HttpRequest("GET", "/", "Action=CreateUser", (_FORM,)), False),
        (HttpRequest("POST", "/", headers=(_FORM,), body=b"Action=ListUsers"), True),
        (HttpRequest("POST", "/", headers=(_FORM,), body=b"Action=CreateUser"), False),
    ],
)
def test_what_only_reads_is_no_reason_to_save(request_: HttpRequest, *, expected: bool) -> None:
    """What may change something is, whatever its method is."""
    assert only_reads(request_, action_of(request_)) == expected


def test_large_contents_are_on_disk_before_a_state_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The state is; after a power failure it would name what is empty, and could not be read at all."""
    synced: list[list[str]] = []

    def fsync(_: int) -> None:
        synced.append([path.name[: len(".partial")] for path in tmp_path.iterdir()])

    monkeypatch.setattr(os, "fsync", fsync)
    blobs = BlobFiles(tmp_path)
    assert blobs.read(blobs.keep(b"large")) == b"large"
    assert synced == [[".partial"]]
