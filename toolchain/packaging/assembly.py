"""From inputs to packages that are ready to be written: wheels resolved, parts prepared, rules checked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import BuildError, LockError, ToolchainError
from toolchain.packaging.archive import Package
from toolchain.packaging.completeness import missing
from toolchain.packaging.inputs import Inputs
from toolchain.packaging.limits import too_large
from toolchain.packaging.parts import Parts, prepare_sources
from toolchain.packaging.reach import Start, Wheels, reach
from toolchain.packaging.releases import Wheel
from toolchain.packaging.requirements import Pin, parse_requirements
from toolchain.packaging.segment import Segment
from toolchain.packaging.shared import Part, Shared, share
from toolchain.packaging.sources import Source
from toolchain.packaging.target import Target

type Requirements = tuple[bytes, Target]


@dataclass(frozen=True, slots=True)
class Assembly:
    """A package that only has to be written."""

    inputs: Inputs
    shared: Shared
    bytecode: Segment
    """Of the wheels' modules that the function can reach."""
    own: Part

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*self.shared.parts, Part("bytecode of requirements", self.bytecode), self.own)

    def write(self, path: Path) -> Package:
        return self.shared.beginning.finish([self.bytecode, self.own.segment], path)


def assemble(gathered: Sequence[Inputs], library: Sequence[Source], parts: Parts) -> list[Assembly]:
    """Prepare the packages of all inputs. Raises a ToolchainError with every problem of any of them."""
    resolved = _resolve(gathered, parts)
    prepared = _prepare(resolved, parts)
    lib = parts.sources(library)
    problems: list[str] = []
    sharing = {key: share(wheels, prepared[key[1]], lib, problems) for key, wheels in resolved.items()}
    starts = []
    for inputs in gathered:
        try:
            own = prepare_sources(inputs.sources)
        except BuildError as error:
            problems += error.problems
            continue
        start = Start(inputs.name, own, sharing[inputs.pinned, inputs.target], inputs.target)
        if not inputs.has_layers:  # what layers bring along is not known here
            problems += missing(inputs.name, lib.required | own.required, start.shared.names)
        starts.append(start)
    reached = reach(starts, lib, prepared, parts) if not problems else {}
    by_name = {inputs.name: inputs for inputs in gathered}
    assemblies = [
        _assemble(by_name[start.name], start, reached.get(start.name, set()), prepared) for start in starts
    ]
    problems += [problem for assembly in assemblies for problem in _check(assembly)]
    if problems:
        raise BuildError(problems)
    return assemblies


def pins(inputs: Inputs) -> tuple[Pin, ...]:
    """What a function is locked to. Raises LockError with every line that is not pinned."""
    return parse_requirements(inputs.requirements.decode(), inputs.requirements_file)


def _assemble(inputs: Inputs, start: Start, reached: set[str], prepared: Wheels) -> Assembly:
    part = Part(f"functions/{inputs.name}", start.own.files)
    bytecode = start.shared.bytecode_of(reached, prepared[inputs.target])
    return Assembly(inputs, start.shared, bytecode, part)


def _resolve(gathered: Iterable[Inputs], parts: Parts) -> dict[Requirements, tuple[Wheel, ...]]:
    """The wheels of each distinct set of requirements."""
    resolved: dict[Requirements, tuple[Wheel, ...]] = {}
    problems: list[ToolchainError] = []
    for inputs in gathered:
        key = inputs.pinned, inputs.target
        if key in resolved:
            continue
        try:
            resolved[key] = parts.wheelhouse.resolve(pins(inputs), inputs.target, inputs.requirements_file)
        except (BuildError, LockError) as error:
            resolved[key] = ()
            problems.append(error)
    if problems:
        raise BuildError(line for problem in problems for line in problem.problems)
    return resolved


def _prepare(resolved: dict[Requirements, tuple[Wheel, ...]], parts: Parts) -> Wheels:
    wanted: dict[Target, set[Wheel]] = {}
    for (_, target), wheels in resolved.items():
        wanted.setdefault(target, set()).update(wheels)
    return {target: parts.wheels(wheels, target) for target, wheels in wanted.items()}


def _check(assembly: Assembly) -> Iterator[str]:
    """Rules that only the whole package can break."""
    for name, _ in assembly.own.segment.contents():
        if name in assembly.shared.names:
            function = f"functions/{assembly.inputs.name}"
            yield f"{function}: {name} is also in {assembly.shared.names[name]}; give it another path"
    sizes = [(part.label, part.segment.size) for part in assembly.parts]
    if problem := too_large(assembly.inputs.name, sizes):
        yield problem
