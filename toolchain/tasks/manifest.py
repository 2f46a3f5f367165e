"""`invoke schema`, `invoke events` and `invoke new-function`."""

from invoke.context import Context

from toolchain.tasks.declare import project, task


@task(help={"check": "change nothing; fail when the file is not current"})
def schema(_: Context, *, check: bool = False) -> None:
    """Write functions/function.schema.json, which editors check function.yaml with."""
    from toolchain.manifest import schema as schemas

    if check:
        schemas.check(project())
    elif schemas.write_schema(project()):
        print(schemas.SCHEMA)  # noqa: T201 - the answer
