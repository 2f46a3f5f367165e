"""Zips into the artifact bucket, before Terraform is told of them: each under a key made of its content."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from toolchain.deploy.releases.packages import Package
from toolchain.deploy.releases.services import Bucket
from toolchain.errors import BuildError

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Upload:
    """A package that is in the bucket now; `is_new` if it was not before."""

    package: Package
    is_new: bool


def upload(bucket: Bucket, packages: Sequence[Package]) -> list[Upload]:
    """Bring all packages into the bucket; those that are there are not sent again.

    Raises BuildError with every file that is missing or is not what was built, before anything is sent.
    """
    _check(packages)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(lambda package: _upload_one(bucket, package), packages))


def _check(packages: Sequence[Package]) -> None:
    problems: list[str] = []
    for package in packages:
        try:
            package.read()
        except BuildError as error:
            problems += error.problems
    if problems:
        raise BuildError(problems)


def _upload_one(bucket: Bucket, package: Package) -> Upload:
    found = bucket.head(package.key)
    if found and (found.size, found.sha256) == (package.size, package.sha256):
        return Upload(package, is_new=False)
    # Read again: so all zips are never in memory at once, and an edit meanwhile is noticed.
    bucket.write(package.key, package.read(), sha256=package.sha256)
    return Upload(package, is_new=True)
