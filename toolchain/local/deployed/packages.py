"""Packages of deployed functions, unzipped below .local: each once, whatever versions have it."""

import shutil
import threading
from collections.abc import Collection
from pathlib import Path

from toolchain.atomic_files import replace_file
from toolchain.errors import BuildError
from toolchain.local.deployed.architecture import find_problem
from toolchain.local.workers.package import Package, unzip

_DIGITS = 16
"""Of a digest, in the names of directories: what toolchain.local.workers.package.unzip takes."""


class Packages:
    """The packages in a directory; any thread may ask for one."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._known: dict[str, Package] = {}
        self._lock = threading.Lock()

    def provide(self, content: bytes, digest: str) -> Package:
        """The unzipped package, with what keeps it from running here; `digest` is the zip's SHA-256."""
        with self._lock:
            if digest not in self._known:
                self._known[digest] = self._unzip(content)
            return self._known[digest]

    def keep_only(self, digests: Collection[str]) -> None:
        """Remove what no function has any more; nothing of it may run."""
        if not self.directory.is_dir():
            return
        kept = {digest[:_DIGITS] for digest in digests}
        for path in self.directory.iterdir():
            if path.name.partition(".")[0] in kept:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()

    def _unzip(self, content: bytes) -> Package:
        try:
            root = unzip(content, self.directory)
        except BuildError as error:
            self.directory.mkdir(parents=True, exist_ok=True)
            return Package(self.directory, str(error))
        return Package(root, self._problem(root) or None)

    def _problem(self, root: Path) -> str:
        """Looking at all files takes a while: what was found is noted."""
        note = root.with_name(f"{root.name}.problem")
        if not note.exists():
            replace_file(note, find_problem(root) or "")
        return note.read_text(encoding="utf-8")
