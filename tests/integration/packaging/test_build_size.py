"""Packages over Lambda's limits: really that large, but easily compressed."""

import random
from pathlib import Path

import pytest

from tests.packaging.checkouts import Checkout, admit
from tests.packaging.wheels import make_wheel
from toolchain.errors import BuildError
from toolchain.packaging import console
from toolchain.packaging.build import Request

MB = 1024 * 1024


def test_over_250_mb_unzipped(sample: Checkout, tmp_path: Path) -> None:
    """The zip would be small: only its content counts for Lambda."""
    wheel = admit(sample, make_wheel(tmp_path, "large", {"large.bin": bytes(11 * MB)}))
    sample.function("people", wheels=[wheel])
    with sample.write("functions/people/zeros.bin", "").open("wb") as zeros:
        zeros.truncate(240 * MB)
    with pytest.raises(BuildError) as caught:
        sample.build()
    assert str(caught.value) == (
        "dist/people.zip would be 251.0 MB unzipped; Lambda takes 250.0 MB. Its largest parts: "
        "functions/people 240.0 MB, large 1.0 11.0 MB, lib 0.0 MB, bytecode of requirements 0.0 MB"
    )
    assert list(sample.project.dist.glob("[!.]*")) == []


def test_over_50_mb_zipped(sample: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    """It can be deployed, but not by hand: a warning on stderr."""
    sample.function("people")
    noise = random.Random(0).randbytes(51 * MB)  # noqa: S311 - only meant to be incompressible
    sample.write("functions/people/noise.bin", noise)
    console.build(sample.project, sample.cache, Request(), as_json=False)
    assert capsys.readouterr().err == (
        "warning: dist/people.zip is 51.0 MB, over the 50.0 MB that can be uploaded directly: "
        "it can be deployed through S3 only. Its largest parts: functions/people 51.0 MB, lib 0.0 MB, "
        "bytecode of requirements 0.0 MB\n"
    )
