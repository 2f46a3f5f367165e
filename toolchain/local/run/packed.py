"""Which of the checkout's modules a function's zip has."""

from toolchain.manifest import Function
from toolchain.project import Project


def packed_names(project: Project, function: Function) -> dict[str, list[str]]:
    """The names at the root of the zip, and in its functions/: what child.imports.install makes visible.

    `{"": ["functions", "lib"], "functions": ["create_user"]}`, and what `include` adds.
    """
    top, functions = {"functions", "lib"}, {function.name}
    for pattern in function.include:
        for path in project.root.glob(pattern):
            first, *rest = path.relative_to(project.root).with_suffix("").parts
            top.add(first)
            functions.update(rest[:1] if first == "functions" else ())
    return {"": sorted(top), "functions": sorted(functions)}
