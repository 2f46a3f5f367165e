"""What all functions with the same requirements share: the wheels' files and lib/, put together once."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from toolchain.packaging.archive import Beginning
from toolchain.packaging.bytecode import pyc_name
from toolchain.packaging.imports import links, module_name
from toolchain.packaging.parts import Prepared
from toolchain.packaging.releases import Wheel
from toolchain.packaging.segment import Member, Segment, pack

type _Content = tuple[int, int]  # CRC and size


@dataclass(frozen=True, slots=True)
class Part:
    """A segment and where it is from: `pydantic 2.14.3`, `lib`, `functions/get_me`."""

    label: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class Shared:
    """What packages begin with, and what they choose their bytecode from.

    `names` are the wheels' files, `links` the modules each module may import.
    """

    parts: tuple[Part, ...]
    beginning: Beginning
    names: dict[str, str]
    links: dict[str, set[str]]
    bytecode: dict[str, Member]
    _chosen: dict[frozenset[str], Segment] = field(default_factory=dict)

    def bytecode_of(self, modules: AbstractSet[str]) -> Segment:
        """The bytecode of those of the modules that are in wheels, one segment for equal choices."""
        reached = frozenset(modules & self.bytecode.keys())
        if reached not in self._chosen:
            chosen = [member for module, member in self.bytecode.items() if module in reached]
            self._chosen[reached] = pack(chosen)
        return self._chosen[reached]


def share(
    wheels: Sequence[Wheel], prepared: dict[Wheel, Prepared], library: Prepared, problems: list[str]
) -> Shared:
    """Put wheels and lib/ together; what they can't have in common is added to `problems`."""
    owners: dict[str, tuple[str, _Content]] = {}
    parts: list[Part] = []
    imports: dict[str, list[str]] = {}
    bytecode: dict[str, Member] = {}
    for wheel in wheels:
        part = prepared[wheel]
        repeated = _claim(wheel, part.files, owners, problems)
        files = part.files.without(repeated) if repeated else part.files
        parts.append(Part(f"{wheel.name} {wheel.version}", files))
        modules = {
            pyc_name(name): module_name(name) for name, _ in part.files.contents() if name.endswith(".py")
        }
        for member in part.bytecode.members():
            bytecode.setdefault(modules[member.name], member)
        imports |= part.imports
    problems += _files_as_directories(owners)
    parts.append(Part("lib", library.files))
    beginning = Beginning([part.segment for part in parts])
    names = {name: owner for name, (owner, _) in owners.items()}
    return Shared(tuple(parts), beginning, names, links(imports | library.imports), bytecode)


def _claim(
    wheel: Wheel, files: Segment, owners: dict[str, tuple[str, _Content]], problems: list[str]
) -> set[str]:
    """Enter a wheel's files into `owners`; returns those that an earlier wheel has too, identical."""
    repeated = set()
    for name, content in files.contents():
        if name.partition("/")[0] in {"lib", "functions"}:
            problems.append(f"{wheel.filename} contains {name}, a path that belongs to this repository")
        elif name not in owners:
            owners[name] = wheel.filename, content
        elif owners[name][1] == content:
            repeated.add(name)  # the same file, such as an empty tests/__init__.py: one is enough
        else:
            problems.append(
                f"{owners[name][0]} and {wheel.filename} both contain {name}, and they differ; "
                "a package holds one file of a name, so require one of the two only"
            )
    return repeated


def _files_as_directories(owners: dict[str, tuple[str, _Content]]) -> Iterator[str]:
    for name, (filename, _) in owners.items():
        parent = name.rpartition("/")[0]
        while parent:
            if parent in owners:
                yield f"{owners[parent][0]} has a file {parent}, which is a directory in {filename}"
            parent = parent.rpartition("/")[0]
