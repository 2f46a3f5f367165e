"""Large contents in a directory, each in a file named after its SHA-256: written once, whatever is saved."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.atomic_files import replace_file


@dataclass(frozen=True, slots=True)
class BlobFiles:
    """toolchain.local.aws.saved.pickling.Blobs. `kept` has the names that were asked to be kept."""

    directory: Path
    kept: set[str] = field(default_factory=set)

    def keep(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        path = self.directory / name
        if name not in self.kept and not path.exists():
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(path, content, is_durable=True)  # as the state is, which names it
        self.kept.add(name)
        return name

    def read(self, name: str) -> bytes:
        """Raises OSError; ValueError when it is not what was kept."""
        content = (self.directory / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != name:
            raise ValueError(f"{name} is damaged")
        return content

    def remove_others(self) -> None:
        """Remove what was not asked to be kept, once no saved state names it."""
        if self.directory.exists():
            for path in self.directory.iterdir():
                if path.name not in self.kept:
                    path.unlink(missing_ok=True)
