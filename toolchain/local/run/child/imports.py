"""What a function can import: what its zip has, and what Lambda's runtime brings. Nothing else.

So a requirement that is missing in requirements.in fails here as it would on Lambda.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    PathFinder,
    SourceFileLoader,
)
from pathlib import Path
from types import CodeType, ModuleType

# The Python runtime has its client and boto3, with what these need; a function's own packages come first.
# https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-dependencies
RUNTIME_MODULES = frozenset(
    {
        *("awslambdaric", "simplejson", "snapshot_restore_py"),
        *("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"),
    }
)


class SourceLoader(SourceFileLoader):
    """Compiles at every import: a .pyc is stale after an edit of the same size within a second."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class PackageFinder(FileFinder):
    """A directory of the checkout, of which the zip has only the `visible` names (None: all)."""

    def __init__(self, path: str, visible: frozenset[str] | None) -> None:
        super().__init__(path, (ExtensionFileLoader, EXTENSION_SUFFIXES), (SourceLoader, SOURCE_SUFFIXES))
        self._visible = visible

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:
        if self._visible is not None and fullname.rpartition(".")[2] not in self._visible:
            return None
        return super().find_spec(fullname, target)


class RuntimeFinder:
    """Asked last: the runtime's modules, from the site-packages of .venv, which has much more."""

    def __init__(self, site_packages: str) -> None:
        self._site_packages = site_packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or fullname not in RUNTIME_MODULES:
            return None
        return PathFinder.find_spec(fullname, [self._site_packages], target)


def install(
    task_root: Path, *, visible: Mapping[str, Sequence[str]], dependencies: str | None, runtime: str
) -> None:
    """Make the function's modules importable.

    `visible` has, for directories relative to the task root, the names in them that are packed:
    `{"": ["functions", "lib"], "functions": ["create_user"]}`.
    """
    sys.path[:0] = [str(task_root), *([dependencies] if dependencies else [])]
    names = {task_root / directory: frozenset(names) for directory, names in visible.items()}
    sys.path_hooks.insert(0, _path_hook(task_root, names))
    sys.path_importer_cache.clear()
    _install_runtime(runtime)


def install_package(task_root: Path, *, runtime: str) -> None:
    """Make the modules of an unzipped package importable, with the bytecode that it brings."""
    sys.path.insert(0, str(task_root))
    _install_runtime(runtime)


def _install_runtime(site_packages: str) -> None:
    sys.meta_path.append(RuntimeFinder(site_packages))
    sys.dont_write_bytecode = True  # /var/task is read-only


def _path_hook(task_root: Path, visible: Mapping[Path, frozenset[str]]) -> Callable[[str], PackageFinder]:
    def find(entry: str) -> PackageFinder:
        """For directories of source; dependencies and .venv lie in hidden directories of the checkout."""
        path = Path(entry)
        if not path.is_relative_to(task_root) or _is_hidden(path.relative_to(task_root)):
            raise ImportError(f"{entry} is not the function's source")
        return PackageFinder(entry, visible.get(path))

    return find


def _is_hidden(path: Path) -> bool:
    return path.parts[:1] != () and path.parts[0].startswith(".")
