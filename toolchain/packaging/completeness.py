"""Whether a package holds everything its function imports when it starts.

Only imports that run whenever a module is imported count: those in a module's own body, outside `try` and
`if`. What a missing one means on Lambda is a function that fails on every call.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping

from toolchain.packaging.imports import absolute_name, is_package, module_name, package_of, reachable

PROVIDED_BY_LAMBDA = frozenset({"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"})
"""What Lambda's Python runtimes bring along: the AWS SDK and what it needs (LDG: lambda-python)."""


def required_names(tree: ast.Module, name: str) -> list[str]:
    """The absolute names a module always imports: `from a import b` gives `a` and `a.b`."""
    package = package_of(module_name(name), is_package=is_package(name))
    return sorted({name for statement in tree.body for name in _imported(statement, package)})


def _imported(statement: ast.stmt, package: str) -> Iterator[str]:
    match statement:
        case ast.Import(names=aliases):
            yield from (alias.name for alias in aliases)
        case ast.ImportFrom(module=base, names=aliases, level=level):
            if start := absolute_name(base or "", level, package):
                yield start
                yield from (f"{start}.{alias.name}" for alias in aliases)


def missing(function: str, required: Mapping[str, Iterable[str]], file_names: Iterable[str]) -> Iterator[str]:
    """A line for each distribution that the function's start needs and its package lacks.

    `required` maps the repository's modules to what they always import; `file_names` are the wheels'.
    """
    provided = {name.partition("/")[0].partition(".")[0] for name in file_names}
    provided |= {module.partition(".")[0] for module in required}
    known = provided | PROVIDED_BY_LAMBDA | sys.stdlib_module_names
    reported: set[str] = set()
    for module in sorted(reachable([f"functions.{function}.handler"], required) & required.keys()):
        for name in required[module]:
            distribution = name.partition(".")[0]
            if distribution not in known and distribution not in reported:
                reported.add(distribution)
                yield (
                    f"functions/{function}/requirements.in: {module} imports {distribution}, which nothing "
                    "in the package provides; add what does and run `invoke lock`"
                )
