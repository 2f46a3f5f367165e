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


@task(
    positional=["name"],
    help={
        "name": "a function, or a kind of trigger such as sqs or cognito:PreSignUp; without: lists them",
        "trigger": "which of the function's triggers: its number (from 0) or its kind",
    },
)
def events(_: Context, name: str = "", trigger: str = "") -> None:
    """Print a sample event, exactly as AWS sends it."""
    import json

    from toolchain.events import console

    if name:
        print(json.dumps(console.sample_event(project(), name, trigger), indent=2))  # noqa: T201 - the answer
    else:
        print("\n".join(console.all_names(project())))  # noqa: T201 - the answer
