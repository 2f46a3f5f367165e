"""Whether what a tool made are packages of the workload: a number for anything else would mean nothing."""

import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.workload import Workload

IMPORT = ("-I", "-S", "-B", "-c", "import sys; sys.path[:0] = sys.argv[2:]; __import__(sys.argv[1])")
"""Options of a Python that imports a module (the first argument) from directories (the others) as from
Lambda's /var/task: without site-packages, and without writing bytecode, which a function may not, but root
could."""

_EXPECTED = ("pydantic/__init__.py", "pymysql/__init__.py", "aws_lambda_powertools/__init__.py")


def check_current(tool: str, workload: Workload, packages: Mapping[str, Path]) -> None:
    """Raise BenchmarkError unless each function has a package with its sources as they are now."""
    if set(packages) != set(workload.names):
        raise BenchmarkError(f"{tool} made packages of {sorted(packages)}, not of {list(workload.names)}")
    library = workload.library / "module_00.py"
    for name, package in packages.items():
        handler = f"functions/{name}/handler.py"
        for inside, source in ((handler, workload.handler(name)), ("lib/module_00.py", library)):
            if read(package, inside) != source.read_bytes():
                raise BenchmarkError(f"{tool}: {inside} in {package} is not what the project has")


def check_complete(tool: str, workload: Workload, packages: Mapping[str, Path], scratch: Path) -> None:
    """Raise BenchmarkError unless the packages hold their requirements, and one of each kind imports."""
    for package in packages.values():
        for inside in _EXPECTED:
            if not read(package, inside):
                raise BenchmarkError(f"{tool}: {inside} in {package} is empty")
    for name in workload.one_of_each_kind.values():
        directory = packages[name]
        if directory.is_file():
            directory = unzip(directory, scratch / f"{tool}-{name}".replace(" ", "-"))
        check_imports(directory, f"functions.{name}.handler")


def read(package: Path, name: str) -> bytes:
    """A file of a package, which is a zip or a directory. Raises BenchmarkError when it is not there."""
    try:
        if package.is_dir():
            return (package / name).read_bytes()
        with zipfile.ZipFile(package) as archive:
            return archive.read(name)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise BenchmarkError(f"{package} has no {name}: {error}") from error


def unzip(package: Path, to: Path) -> Path:
    """Extract as Lambda does: content and permissions."""
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            extracted = Path(archive.extract(entry, to))
            if mode := stat.S_IMODE(entry.external_attr >> 16):
                extracted.chmod(mode)
    return to


def check_imports(directory: Path, module: str) -> None:
    """Raise BenchmarkError with the traceback when a package does not hold all its handler imports."""
    command = [sys.executable, *IMPORT, module, str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{directory}: {module} can't be imported\n{done.stderr}")


def make_read_only(directory: Path) -> None:
    """Take away the permission to write, as Lambda does."""
    for path in (*directory.rglob("*"), directory):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


def remove(directory: Path) -> None:
    """Remove a directory, some of which may be read-only."""
    for path in (directory, *directory.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(directory)
