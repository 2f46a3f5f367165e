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
    optional="name",
    help={
        "name": "a function, or a kind of trigger such as sqs or cognito:PreSignUp; without: lists them",
        "trigger": "which of the function's triggers: its number (from 0) or its kind",
    },
)
def events(_: Context, name: str | None = None, trigger: str = "") -> None:
    """Print a sample event, exactly as AWS sends it."""
    from toolchain.events import console

    if name:
        console.print_event(project(), name, trigger)
    else:
        console.print_names(project())


@task(
    help={
        "name": "the folder's name: lowercase letters, digits and _",
        "http": "a route: 'GET /things/{id}'",
        "cognito": "a trigger of the user pool: PostConfirmation, PreTokenGeneration:V2_0, ...",
        "schedule": "'rate(1 day)' or 'cron(0 8 * * ? *)'",
        "sqs": "a queue",
        "sns": "a topic",
        "s3": "a bucket",
        "eventbridge": "the source of events on the default bus: shop.orders",
        "dynamodb_stream": "a table",
        "auth": "of a route: jwt (signed-in users) or none (public)",
        "database": "the account that it has: reader, writer or owner; default: none",
        "description": "a sentence for function.yaml",
    },
)
def new_function(  # noqa: PLR0913 - an option for each kind of trigger
    _: Context,
    name: str,
    *,
    http: str = "",
    cognito: str = "",
    schedule: str = "",
    sqs: str = "",
    sns: str = "",
    s3: str = "",
    eventbridge: str = "",
    dynamodb_stream: str = "",
    auth: str = "jwt",
    database: str = "",
    description: str = "",
) -> None:
    """Make a function that runs and is tested: folder, handler, sample event, test."""
    from toolchain.scaffold import Wanted, console

    triggers = {
        "http": http,
        "cognito": cognito,
        "schedule": schedule,
        "sqs": sqs,
        "sns": sns,
        "s3": s3,
        "eventbridge": eventbridge,
        "dynamodb_stream": dynamodb_stream,
    }
    given = {kind: value for kind, value in triggers.items() if value}
    console.make(project(), Wanted(name, given, auth, description, database))
