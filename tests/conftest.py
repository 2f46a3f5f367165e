"""What every test can rely on, and signals as a terminal has them, for tests that send some."""

import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from toolchain.project import Project


def pytest_configure() -> None:
    """No test reaches an AWS account, whatever the shell that runs the suite is signed in to.

    It is so before tests are imported, and with them handlers that make their clients then, as AWS advises.
    """
    for name in (
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_ENDPOINT_URL",
        "AWS_CONFIG_FILE",
    ):
        os.environ.pop(name, None)
    os.environ["AWS_ACCESS_KEY_ID"] = "testing"
    os.environ["AWS_SECRET_ACCESS_KEY"] = "testing"
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"


@pytest.fixture(scope="session")
def checkout() -> Project:
    """The repository that the tests belong to."""
    return Project(Path(__file__).resolve().parents[1])


@pytest.fixture
def hangup_counts() -> Iterator[None]:
    """`nohup` and some build servers have it ignored, which processes inherit."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def interrupt_counts() -> Iterator[None]:
    """Shells have it ignored by what they start in the background, which processes inherit."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What tests print goes to another process as UTF-8, in which there are no half surrogate pairs."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8")) for name, text in report.sections
    ]
    return report
