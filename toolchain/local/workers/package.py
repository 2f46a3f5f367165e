"""Functions from zips, as CreateFunction, UpdateFunctionCode and PublishVersion get them."""

import hashlib
import io
import lzma
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import BuildError
from toolchain.local.invocation import LATEST
from toolchain.local.run.environment import lambda_variables, surroundings
from toolchain.local.workers.code import FunctionCode

# What zipfile raises besides BadZipFile: for damaged data, for data that ends early, and (RuntimeError) for
# what is encrypted or compressed in a way that it does not know.
_UNREADABLE = (zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Settings:
    """A version of a function, as Lambda's API has it; `variables` are the function's own."""

    name: str
    arn: str
    handler: str
    memory_mb: int
    timeout_seconds: int
    variables: Mapping[str, str]
    version: str = LATEST
    reserved_concurrency: int | None = None
    dead_letter_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """Where a package's files are; `problem` says why they can't run here."""

    root: Path
    problem: str | None = None


def packaged_code(
    settings: Settings, package: Package, shell: Mapping[str, str], overrides: Mapping[str, str]
) -> FunctionCode:
    """The code of an unzipped package.

    `shell` and `overrides` are as in toolchain.local.run.environment.Variables; the overrides make a
    function that was deployed to here reach what is here.
    """
    variables = lambda_variables(
        settings,
        task_root=package.root,
        log_stream="",
        version=settings.version,
        region=settings.arn.split(":")[3],
    )
    return FunctionCode(
        name=settings.name,
        arn=settings.arn,
        handler=settings.handler,
        memory_mb=settings.memory_mb,
        timeout_seconds=settings.timeout_seconds,
        environment={**surroundings(shell, overrides), **variables, **settings.variables, **overrides},
        task_root=package.root,
        version=settings.version,
        reserved_concurrency=settings.reserved_concurrency,
        dead_letter_arn=settings.dead_letter_arn,
        problem=package.problem,
    )


def unzip(content: bytes, directory: Path) -> Path:
    """The package's files, in `<directory>/<digest>`; once for packages with the same bytes.

    Raises BuildError if it is no zip, or one that can't be read. zipfile keeps entries below the directory,
    whatever they are named.
    """
    unzipped = directory / hashlib.sha256(content).hexdigest()[:16]
    if unzipped.is_dir():
        return unzipped
    directory.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=directory))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            package.extractall(partial)
        partial.chmod(0o755)
        partial.rename(unzipped)
    except zipfile.BadZipFile as error:
        raise BuildError(f"the package is no zip: {error}") from error
    except _UNREADABLE as error:
        raise BuildError(f"the package can't be unzipped: {error}") from error
    except OSError:
        if not unzipped.is_dir():  # else somebody else was faster
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return unzipped
