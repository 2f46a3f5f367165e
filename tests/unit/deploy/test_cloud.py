"""Which cloud a stage is deployed to."""

from pathlib import Path

import pytest

from toolchain.deploy.cloud import choose_environment, is_loopback
from toolchain.deploy.stages import Stage
from toolchain.errors import LocalCloudError, StageError

_ELSEWHERE = "https://aws.example"
_UP = "http://127.0.0.1:4566"


def stage(name: str) -> Stage:
    return Stage(name, "123456789012", "eu-west-1", is_protected=False, path=Path(f"{name}.tfvars"))


REGION = {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}
LOCAL = {**REGION, "AWS_EC2_METADATA_DISABLED": "true"}
FAKE = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "x"}


@pytest.mark.parametrize(
    ("name", "environ", "running", "chosen"),
    [
        ("prod", KEYS, _UP, {**REGION, **KEYS}),
        ("prod", {"AWS_ENDPOINT_URL": ""}, _UP, REGION),
        ("prod", {"AWS_REGION": "us-east-1"}, None, REGION),
        ("prod", {"AWS_ENDPOINT_URL": _UP}, None, {**LOCAL, **FAKE, "AWS_ENDPOINT_URL": _UP}),
        ("prod", {"AWS_ENDPOINT_URL": _UP, **KEYS}, None, {**LOCAL, **KEYS, "AWS_ENDPOINT_URL": _UP}),
        ("prod", {"AWS_ENDPOINT_URL": _ELSEWHERE}, None, {**REGION, "AWS_ENDPOINT_URL": _ELSEWHERE}),
        ("local", {}, _UP, {**LOCAL, **FAKE, "AWS_ENDPOINT_URL": _UP}),
        (
            "local",
            {"AWS_ENDPOINT_URL": "http://localhost:9"},
            _UP,
            {**LOCAL, **FAKE, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
        ),
    ],
)
def test_environment(name: str, environ: dict[str, str], running: str | None, chosen: dict[str, str]) -> None:
    """The stage's region always; the local cloud's endpoint by address, and any credentials."""
    assert choose_environment(environ, stage(name), lambda: running) == chosen


def test_stage_local_needs_the_local_cloud() -> None:
    with pytest.raises(LocalCloudError, match="start it with `invoke up --detach`"):
        choose_environment({}, stage("local"), lambda: None)


def test_stage_local_is_never_deployed_elsewhere() -> None:
    with pytest.raises(StageError) as error:
        choose_environment({"AWS_ENDPOINT_URL": "https://aws.example"}, stage("local"), lambda: None)
    assert str(error.value) == (
        "stage local is for the local cloud, but AWS_ENDPOINT_URL is https://aws.example;"
        " unset it, or name another"
    )


@pytest.mark.parametrize(
    ("url", "is_so"),
    [
        ("http://127.0.0.1:1", True),
        ("http://localhost", True),
        ("http://[::1]:4566", True),
        ("https://sts.amazonaws.com", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example.com", False),
        ("nonsense", False),
    ],
)
def test_loopback(url: str, *, is_so: bool) -> None:
    assert is_loopback(url) is is_so
