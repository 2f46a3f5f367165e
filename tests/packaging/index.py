"""A package index (PEP 503) on this machine: pages and wheels in a directory, served over HTTP."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.packaging.wheels import sha256
from toolchain.packaging.requirements import canonical_name


@dataclass(frozen=True, slots=True)
class Index:
    """An index whose files are in `root`; what is published later is found at once."""

    root: Path
    url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """Makes uv use this index, and neither settings nor answers of earlier runs."""
        return {
            "UV_DEFAULT_INDEX": f"{self.url}/simple",
            "UV_NO_CACHE": "1",
            "UV_NO_CONFIG": "1",
            "UV_HTTP_RETRIES": "0",
            "NO_PROXY": "127.0.0.1",
        }

    def publish(
        self, wheel: Path, *, yanked: str | None = None, announced: str | None = "", serve: Path | None = None
    ) -> Path:
        """Add a wheel; returns it, as requirements name it.

        `announced` is the hash in the page, None for a page without one; `serve` is what is sent instead.
        """
        distribution = canonical_name(wheel.name.split("-")[0])
        files, page = self.root / "files", self.root / "simple" / distribution / "index.html"
        files.mkdir(exist_ok=True)
        page.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(serve or wheel, files / wheel.name)
        digest = "" if announced is None else f"#sha256={announced or sha256(wheel)}"
        withdrawn = "" if yanked is None else f' data-yanked="{escape(yanked)}"'
        with page.open("a") as links:
            links.write(f'<a href="../../files/{wheel.name}{digest}"{withdrawn}>{wheel.name}</a>\n')
        return wheel


@contextlib.contextmanager
def serve_index(root: Path, login: str = "") -> Iterator[Index]:
    """Serve the directory until the block ends, from a process of its own: builds fork theirs.

    With a login, `user:password`, only to those who give it.
    """
    command = (
        sys.executable,
        str(Path(__file__).with_name("serve.py")),
        str(root),
        *([login] if login else []),
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            yield Index(root, server.stdout.readline().strip())
        finally:
            server.terminate()
