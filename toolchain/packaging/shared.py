"""What all functions with the same requirements share: the wheels' files and lib/, put together once."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from toolchain.packaging.archive import Beginning
from toolchain.packaging.imports import module_name
from toolchain.packaging.parts import Prepared
from toolchain.packaging.releases import Wheel
from toolchain.packaging.segment import Segment, pack

type _Content = tuple[int, int]  # CRC and size


@dataclass(frozen=True, slots=True)
class Part:
    """A segment and where it is from: `pydantic 2.14.3`, `lib`, `functions/get_me`."""

    label: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class Shared:
    """What packages begin with; `names` are the wheels' files, `modules` has each one's wheel."""

    parts: tuple[Part, ...]
    beginning: Beginning
    names: dict[str, str]
    modules: dict[str, Wheel]
    _chosen: dict[frozenset[str], Segment] = field(default_factory=dict)

    def bytecode_of(self, reached: AbstractSet[str], prepared: Mapping[Wheel, Prepared]) -> Segment:
        """The bytecode of those of the modules that are in wheels, one segment for equal choices."""
        modules = frozenset(reached & self.modules.keys())
        if modules not in self._chosen:
            found = (prepared[self.modules[module]].bytecode.get(module) for module in modules)
            self._chosen[modules] = pack(sorted(filter(None, found), key=lambda member: member.name))
        return self._chosen[modules]


def share(
    wheels: Sequence[Wheel], prepared: dict[Wheel, Prepared], library: Prepared, problems: list[str]
) -> Shared:
    """Put wheels and lib/ together; what they can't have in common is added to `problems`."""
    owners: dict[str, tuple[str, _Content]] = {}
    parts: list[Part] = []
    modules: dict[str, Wheel] = {}
    for wheel in wheels:
        part = prepared[wheel]
        repeated = _claim(wheel, part.files, owners, problems)
        files = part.files.without(repeated) if repeated else part.files
        parts.append(Part(f"{wheel.name} {wheel.version}", files))
        for name, _ in part.files.contents():
            if name.endswith(".py"):
                modules.setdefault(module_name(name), wheel)
    problems += _files_as_directories(owners)
    parts.append(Part("lib", library.files))
    beginning = Beginning([part.segment for part in parts])
    names = {name: owner for name, (owner, _) in owners.items()}
    return Shared(tuple(parts), beginning, names, modules)


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
