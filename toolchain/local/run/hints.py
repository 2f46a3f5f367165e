"""What to do about a failure whose cause is how functions are packed and run, not what they do."""

from collections.abc import Callable, Mapping, Sequence

from toolchain.local.run.invocation import Failure
from toolchain.project import Project


def hint(
    failure: Failure, project: Project, name: str, distributions: Callable[[], Mapping[str, Sequence[str]]]
) -> str | None:
    """A sentence that says what to change, or None.

    `distributions` maps importable names to the distributions that bring them, as
    importlib.metadata.packages_distributions does; it is slow, so it is called only when needed.
    """
    if failure.error_type == "BdbQuit":
        return "breakpoint() needs a terminal; run it with --debug"
    if failure.missing_module is None:
        return None
    return _hint_for_module(failure.missing_module, project, name, distributions)


def _hint_for_module(
    module: str, project: Project, name: str, distributions: Callable[[], Mapping[str, Sequence[str]]]
) -> str | None:
    top = module.partition(".")[0]
    if top == "lib" or module.startswith(f"functions.{name}"):
        return None
    if any((project.root / path).exists() for path in (top, f"{top}.py")):
        return f"{module} is not in the zip of {name}; move what it needs to lib/"
    requirements = f"functions/{name}/requirements.in"
    known = distributions().get(top)
    package = known[0] if known else f"the package that has {top}"
    return f"add {package} to {requirements} and run `invoke lock`"
