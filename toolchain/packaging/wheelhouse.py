"""Finds, downloads and keeps the wheels that a requirements.txt stands for.

    cache/wheels/<sha256>/<file name>.whl        a wheel, checked against its hash when it arrived
    cache/choices/<target>/<pin>.json            which wheel of a pinned release fits the target

uv says which wheels a release has and where; the choice among them, by tag, is made here and kept, so
that a pin that was met once needs neither uv nor a network again.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolchain.errors import BuildError
from toolchain.packaging.cache import remove_abandoned, write_cached
from toolchain.packaging.releases import Wheel, choose_all
from toolchain.packaging.requirements import Pin, applies
from toolchain.packaging.target import Target


@dataclass(frozen=True, slots=True)
class Wheelhouse:
    """The wheels in the user's cache; `root` is the checkout whose settings for uv apply.

    `step` hears of what takes long.
    """

    cache: Path
    root: Path
    step: Callable[[str], None] = lambda _: None

    def path(self, wheel: Wheel) -> Path:
        return self.cache / "wheels" / wheel.sha256 / wheel.filename

    def resolve(self, pins: Sequence[Pin], target: Target, file: str) -> tuple[Wheel, ...]:
        """The wheels for the target, sorted by name, each in the cache when this returns.

        Raises BuildError with every pin that has no wheel for the target, was yanked or withdrawn, or
        whose file does not have a hash of the requirements; `file` names the requirements in messages.
        """
        known = {pin: wheel for pin in pins if (wheel := self._known(pin, target))}
        new = [pin for pin in pins if pin not in known and applies(pin, target.marker_environment)]
        known |= {pin: wheel for pin in new if (wheel := self._known(replace(pin, marker=""), target))}
        unknown = [pin for pin in new if pin not in known]
        if unknown:
            from toolchain.packaging.index import find_releases  # 10 ms, and only new pins need it

            self.step(f"finding wheels of {len(unknown)} requirements for {target.architecture}")
            releases = find_releases(unknown, target, self.root, file)
            known |= choose_all(unknown, releases, target, file)
            self._fetch({known[pin]: releases[pin.name].urls[known[pin].filename] for pin in unknown}, file)
        for pin in new:
            self.remember(pin, target, known[pin])
        return tuple(sorted(known.values(), key=lambda wheel: wheel.name))

    def _known(self, pin: Pin, target: Target) -> Wheel | None:
        """The wheel that was chosen for the pin, marker included, so that it need not be evaluated again."""
        try:
            chosen = json.loads(self._choice(pin, target).read_bytes())
            wheel = Wheel(pin.name, pin.version, chosen["filename"], chosen["sha256"])
            return wheel if wheel.sha256 in pin.hashes and self.path(wheel).exists() else None
        except (OSError, ValueError, TypeError, KeyError):
            return None  # not met yet, or the cache was cut short: ask again

    def _choice(self, pin: Pin, target: Target) -> Path:
        rest = hashlib.sha256("".join([pin.marker, *sorted(pin.hashes)]).encode()).hexdigest()[:16]
        return self.cache / "choices" / target.python_platform / f"{pin.name}-{pin.version}-{rest}.json"

    def remember(self, pin: Pin, target: Target, wheel: Wheel) -> None:
        """Keep the choice of a wheel, which is in the cache, for the next build."""
        chosen = json.dumps({"filename": wheel.filename, "sha256": wheel.sha256})
        for one in {pin, replace(pin, marker="")}:
            write_cached(self._choice(one, target), lambda partial: partial.write_text(chosen))

    def _fetch(self, urls: Mapping[Wheel, str], file: str) -> None:
        missing = [wheel for wheel in urls if not self.path(wheel).exists()]
        if not missing:
            return
        from concurrent.futures import ThreadPoolExecutor  # 2 ms, and only new wheels need it

        remove_abandoned(self.cache / "wheels", time.time())
        self.step(f"downloading {len(missing)} wheels")
        with ThreadPoolExecutor(max_workers=8) as pool:
            problems = list(pool.map(lambda wheel: self._fetch_one(wheel, urls[wheel], file), missing))
        if any(problems):
            raise BuildError(filter(None, problems))

    def _fetch_one(self, wheel: Wheel, url: str, file: str) -> str | None:
        """Download a wheel, and let it in only with its hash; returns what went wrong."""
        from toolchain.packaging.download import download

        def write(partial: Path) -> None:
            if failure := download(url, partial):
                raise BuildError(f"{file}: {wheel.filename} could not be downloaded: {failure}")
            if (found := _sha256(partial)) != wheel.sha256:
                raise BuildError(
                    f"{file}: {wheel.filename} has SHA-256 {found}, not {wheel.sha256}; nothing was kept"
                )

        try:
            write_cached(self.path(wheel), write)
        except BuildError as error:
            return str(error)
        return None


def is_intact(path: Path) -> bool:
    """Whether a wheel in the cache has the content it was let in with."""
    return _sha256(path) == path.parent.name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
