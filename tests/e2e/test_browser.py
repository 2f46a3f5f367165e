"""examples/react and the hosted UI in a browser, against the local cloud."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.local_cloud import LocalCloud
from tests.e2e.node import need, provide_packages, run_node, run_test
from toolchain.local.up.table import describe

pytestmark = pytest.mark.usefixtures("node", "chromium")

# The API lets pages of these ports call it: those of `vite preview`.
_PORTS = range(4173, 4183)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser; skips the test without one."""
    return need("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def built_page(cloud: LocalCloud) -> Path:
    """The page, made as its README says: with the lines that `up` prints."""
    folder = cloud.project.root / "examples" / "react"
    lines = [line for line in describe(cloud.record) if line.startswith("VITE_")]
    (folder / ".env.local").write_text("\n".join(lines), encoding="utf-8")
    provide_packages(folder)
    run_node("npm", "run", "build", folder=folder)
    return folder / "dist"


def test_user_signs_up_edits_the_profile_and_signs_out(
    cloud: LocalCloud, scripts: Path, built_page: Path, chromium: str, tmp_path: Path
) -> None:
    """Screenshots of each step are left in pytest's directory."""
    with _served(built_page) as url:
        browser = {"CHROMIUM": chromium, "BROWSER_PROFILE": str(tmp_path / "profile")}
        page = {"PAGE_URL": url, "PICTURES": str(tmp_path)}
        run_test(scripts / "browser.test.mjs", {**cloud.environment(), **browser, **page})


def test_user_signs_up_on_the_pages_of_the_hosted_ui(
    cloud: LocalCloud, scripts: Path, chromium: str, tmp_path: Path
) -> None:
    browser = {"CHROMIUM": chromium, "BROWSER_PROFILE": str(tmp_path / "profile")}
    pictures = {"PICTURES": str(tmp_path)}
    run_test(scripts / "hosted_ui.test.mjs", {**cloud.environment(), **browser, **pictures})


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing about requests."""


@contextmanager
def _served(directory: Path) -> Iterator[str]:
    """The URL of static files, until the block is left."""
    with _bind(functools.partial(_Quiet, directory=directory)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def _bind(handler: functools.partial[_Quiet]) -> ThreadingHTTPServer:
    for port in _PORTS:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError:
            continue  # another run's
    raise AssertionError(f"no port of {_PORTS} is free")
