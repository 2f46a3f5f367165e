"""What function.yaml may say, and the sentence for everything it may not."""

import pytest

from toolchain.errors import ManifestError
from toolchain.manifest import parse_function
from toolchain.manifest.http_trigger import HttpTrigger, Jwt


def problems(text: str, name: str = "users") -> tuple[str, ...]:
    with pytest.raises(ManifestError) as raised:
        parse_function(name, text)
    return raised.value.problems


def problem_of(line: str) -> str:
    [problem] = problems(f"description: Lists the users\n{line}")
    return problem


def test_a_description_is_enough() -> None:
    """Everything else has a default, which is what the schema says it is."""
    function = parse_function("users", "description: Lists the users")
    assert function.memory_mb == 256
    assert function.timeout_seconds == 10
    assert function.architecture == "arm64"
    assert function.database == "none"
    assert function.triggers == ()
    assert function.handler == "functions.users.handler.handler"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("memory_mb: 64", "memory_mb is 64; use 128 to 10240"),
        ("memory_mb: 10241", "memory_mb is 10241; use 128 to 10240"),
        ("memory_mb:", "memory_mb is empty; use 128 to 10240"),
        ("memory_mb: 256.0", "memory_mb is 256.0; use 128 to 10240"),
        ('memory_mb: "256"', "memory_mb is '256'; use 128 to 10240"),
        ("memory_mb: true", "memory_mb is true; use 128 to 10240"),
        ("timeout_seconds: 901", "timeout_seconds is 901; use 1 to 900"),
        ("ephemeral_storage_mb: 1", "ephemeral_storage_mb is 1; use 512 to 10240"),
        ("reserved_concurrency:", "reserved_concurrency is empty; use 0 or more"),
        ("reserved_concurrency: -1", "reserved_concurrency is -1; use 0 or more"),
        ("architecture: arm", "architecture is 'arm'; use arm64 or x86_64"),
        ("database: yes please", "database is 'yes please'; use none, reader, writer or owner"),
        ("memroy_mb: 512", "unknown key 'memroy_mb'; did you mean 'memory_mb'?"),
        ("name: users", "unknown key 'name'; the folder is the name"),
        ("<memory_mb>: 128", "unknown key '<memory_mb>'; did you mean 'memory_mb'?"),
        ("include: a.txt", "include is 'a.txt'; use a list"),
        ('include: [""]', "include[0] is ''; use at least one character"),
        (
            "include: [/etc/passwd]",
            "include[0] is '/etc/passwd'; use a path inside the repository, relative to its root",
        ),
        (
            "include: [../secret]",
            "include[0] is '../secret'; use a path inside the repository, relative to its root",
        ),
        ("maximum_retry_attempts: 3", "maximum_retry_attempts is 3; use 0 to 2"),
        (
            "layers: [tools]",
            (
                "layers[0] is 'tools'; use the ARN of a layer's version, "
                "such as arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"
            ),
        ),
        (
            f"layers: [{', '.join(['arn:aws:lambda:eu-west-1:123456789012:layer:tools:3'] * 6)}]",
            "layers is a list; use a list of at most 5",
        ),
        (
            "runtime: nodejs",
            (
                "unknown key 'runtime'; use description, triggers, memory_mb, timeout_seconds, "
                "ephemeral_storage_mb, architecture, environment, permissions, database, "
                "reserved_concurrency, maximum_retry_attempts, include or layers"
            ),
        ),
    ],
)
def test_a_key_that_breaks_a_rule(line: str, problem: str) -> None:
    """The message has the key, what was found, what is allowed."""
    assert problem_of(line) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("memory_mb: 256", "description is missing; use a sentence of up to 256 characters"),
        ('description: ""', "description is ''; use a sentence of up to 256 characters"),
        ("description: 3", "description is 3; put it in quotes"),
        (
            f"description: {'x' * 257}",
            f"description is '{'x' * 79}...; use a sentence of up to 256 characters",
        ),
    ],
)
def test_the_description_is_required(text: str, problem: str) -> None:
    """A list of functions without descriptions tells an operator nothing."""
    assert problems(text) == (problem,)


@pytest.mark.parametrize(
    ("trigger", "problem"),
    [
        ("http", "triggers[0] is 'http'; use a mapping with one key, such as `http: {...}`"),
        (
            "{}",
            (
                "triggers[0]: name a trigger: "
                "http, cognito, schedule, sqs, sns, s3, eventbridge or dynamodb_stream"
            ),
        ),
        ("{htp: {}}", "triggers[0]: unknown key 'htp'; did you mean 'http'?"),
        ("{sqs: }", "triggers[0].sqs is empty; use a mapping"),
        (
            "{sqs: {queue: orders}, sns: {topic: news}}",
            "triggers[0]: sqs and sns are in one item; give each an item of its own",
        ),
        (
            "{cognito: {trigger: PostConfirm}}",
            "triggers[0].cognito.trigger is 'PostConfirm'; did you mean 'PostConfirmation'?",
        ),
        (
            "{cognito: {trigger: PreSignUp, version: V1_0}}",
            "triggers[0].cognito: version is V1_0; only PreTokenGeneration has versions",
        ),
        (
            "{sqs: {queue: orders, batch_size: 20}}",
            "triggers[0].sqs: batch_size is 20; above 10, set maximum_batching_window_seconds to 1 or more",
        ),
        (
            "{sqs: {queue: orders.fifo, batch_size: 20}}",
            "triggers[0].sqs: batch_size is 20; a FIFO queue has at most 10",
        ),
        (
            "{sqs: {queue: orders.fifo, maximum_batching_window_seconds: 1}}",
            "triggers[0].sqs: maximum_batching_window_seconds is set; a FIFO queue has none",
        ),
        (
            "{sns: {topic: news.fifo}}",
            "triggers[0].sns.topic is 'news.fifo'; use up to 256 letters, digits, - and _",
        ),
        (
            "{s3: {bucket: Uploads}}",
            "triggers[0].s3.bucket is 'Uploads'; use 3 to 63 lowercase letters, digits, . and -",
        ),
        (
            "{s3: {bucket: uploads, events: [ObjectCreated]}}",
            "triggers[0].s3.events[0] is 'ObjectCreated'; did you mean 's3:ObjectCreated:*'?",
        ),
        (
            "{s3: {bucket: uploads, events: []}}",
            "triggers[0].s3.events is an empty list; use a list with at least one item",
        ),
        (
            "{eventbridge: {pattern: {}}}",
            (
                "triggers[0].eventbridge.pattern is an empty mapping; "
                "use a mapping with at least one field, such as {source: [shop.orders]}"
            ),
        ),
        (
            "{eventbridge: {pattern: {detail: {kind: order}}}}",
            "triggers[0].eventbridge.pattern: kind has no list of choices; write [order]",
        ),
        (
            "{dynamodb_stream: {table: things, key: }}",
            "triggers[0].dynamodb_stream.key is empty; use 1 to 255 letters, digits, . - and _",
        ),
        (
            "{dynamodb_stream: {table: things, key: item number}}",
            "triggers[0].dynamodb_stream.key is 'item number'; use 1 to 255 letters, digits, . - and _",
        ),
        (
            "{dynamodb_stream: {table: things, starting_position: OLDEST}}",
            "triggers[0].dynamodb_stream.starting_position is 'OLDEST'; use LATEST or TRIM_HORIZON",
        ),
        (
            "{dynamodb_stream: {table: things, maximum_retry_attempts: -1}}",
            "triggers[0].dynamodb_stream.maximum_retry_attempts is -1; use 0 to 10000",
        ),
        (
            "{schedule: {expression: rate(1 day), timezone: Mars/Base}}",
            "triggers[0].schedule.timezone is 'Mars/Base'; use a tz database name, such as Europe/Berlin",
        ),
    ],
)
def test_a_trigger_that_breaks_a_rule(trigger: str, problem: str) -> None:
    """What AWS would refuse at deploy is refused here."""
    assert problem_of(f"triggers:\n  - {trigger}") == problem


@pytest.mark.parametrize(
    ("auth", "expected"),
    [
        ("none", None),
        ("jwt", Jwt(scopes=("aws.cognito.signin.user.admin",), groups=())),
        ("{jwt: {}}", Jwt(scopes=("aws.cognito.signin.user.admin",), groups=())),
        ("{jwt: {groups: [admins]}}", Jwt(scopes=("aws.cognito.signin.user.admin",), groups=("admins",))),
        ("{jwt: {scopes: [things/read]}}", Jwt(scopes=("things/read",), groups=())),
    ],
)
def test_auth_is_a_word_or_a_mapping(auth: str, expected: Jwt | None) -> None:
    """`jwt` alone asks for the scope that every signed-in user's access token has."""
    text = f"description: x\ntriggers:\n  - http: {{method: GET, path: /users, auth: {auth}}}"
    [trigger] = parse_function("users", text).http
    assert trigger.auth == expected


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        (
            "method: GET, path: /users",
            "triggers[0].http.auth is missing; use none (public), jwt, or jwt: {scopes: [], groups: []}",
        ),
        (
            "method: GET, path: /users, auth: nobody",
            "triggers[0].http.auth is 'nobody'; use none (public), jwt, or jwt: {scopes: [], groups: []}",
        ),
        (
            "method: GET, path: /users, auth: {jtw: {}}",
            "triggers[0].http.auth: unknown key 'jtw'; did you mean 'jwt'?",
        ),
        (
            "method: GET, path: /users, auth: {jwt: {scope: [a]}}",
            "triggers[0].http.auth.jwt: unknown key 'scope'; did you mean 'scopes'?",
        ),
        (
            "method: GET, path: /users, auth: {jwt: {scopes: []}}",
            (
                "triggers[0].http.auth.jwt.scopes is an empty list; use at least one, "
                "such as aws.cognito.signin.user.admin; without one, ID tokens are accepted"
            ),
        ),
        (
            "method: GET, path: /users, auth: {jwt: {groups: [site admins]}}",
            (
                "triggers[0].http.auth.jwt.groups[0] is 'site admins'; "
                "use a group's name: up to 128 characters, no spaces"
            ),
        ),
        (
            "metod: GET, path: /users, auth: none",
            "triggers[0].http: unknown key 'metod'; did you mean 'method'?",
        ),
        (
            "method: get, path: /users, auth: none",
            "triggers[0].http.method is 'get'; use GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or ANY",
        ),
        (
            "method: GET, path: $default, auth: none",
            "triggers[0].http: method is 'GET'; the path $default takes ANY",
        ),
        (
            "method: GET, path: /users, auth: none, payload_format_version: 2.0",
            "triggers[0].http.payload_format_version is 2.0; put it in quotes",
        ),
    ],
)
def test_a_route_that_breaks_a_rule(keys: str, problem: str) -> None:
    """Who may call is always said; a misspelt key is reported once, not as missing too."""
    assert problem_of(f"triggers:\n  - http: {{{keys}}}") == problem


@pytest.mark.parametrize(
    ("method", "path", "route_key"),
    [
        ("GET", "/users/{id}", "GET /users/{id}"),
        ("ANY", "/users", "ANY /users"),
        ("ANY", "$default", "$default"),
    ],
)
def test_route_keys_are_those_of_api_gateway(method: str, path: str, route_key: str) -> None:
    """$default has no method in its key."""
    trigger = HttpTrigger.model_validate({"method": method, "path": path, "auth": "none"})
    assert trigger.route_key == route_key


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("cognito: {trigger: PreSignUp}", "timeout_seconds is 31; Cognito waits 5 at most, use 4"),
        (
            "http: {method: GET, path: /users, auth: none}",
            "timeout_seconds is 31; API Gateway waits 30 at most",
        ),
    ],
)
def test_a_timeout_is_no_longer_than_the_caller_waits(kind: str, limit: str) -> None:
    """Both limits are AWS's own."""
    assert problem_of(f"timeout_seconds: 31\ntriggers:\n  - {kind}") == limit


@pytest.mark.parametrize(
    ("variable", "problem"),
    [
        ("AWS_REGION: x", "environment has the key 'AWS_REGION'; Lambda sets it; use another name"),
        (
            "DATABASE_HOST: x",
            "environment has the key 'DATABASE_HOST'; the platform sets it; use another name",
        ),
        (
            "HTTP_ROUTE_GROUPS: x",
            "environment has the key 'HTTP_ROUTE_GROUPS'; the platform sets it; use another name",
        ),
        (
            "a-b: x",
            "environment has the key 'a-b'; use a letter, then letters, digits and _; at least 2 characters",
        ),
        (
            "LOG_LEVEL: DEBUG",
            (
                "environment has the key 'LOG_LEVEL'; a stage sets the level, log_level in its tfvars; "
                "here, use --env LOG_LEVEL=DEBUG"
            ),
        ),
        ("PIN: 1234", "environment.PIN is a number, true or false; put it in quotes"),
        ("FLAG: true", "environment.FLAG is a number, true or false; put it in quotes"),
        ("NOTHING:", "environment.NOTHING is empty; use text"),
        (
            f"LONG: {'x' * 4000}",
            "environment takes 4011 bytes; use at most 3328 (Lambda has 4096, the platform needs 768)",
        ),
    ],
)
def test_a_variable_that_breaks_a_rule(variable: str, problem: str) -> None:
    """Values of variables are never shown: one may be a secret that should not be there."""
    assert problem_of(f"environment:\n  {variable}") == problem


@pytest.mark.parametrize(
    ("permission", "problem"),
    [
        (
            "{actions: [SendEmail], resources: [arn:aws:ses:eu-west-1:123456789012:identity/x]}",
            "permissions[0].actions[0] is 'SendEmail'; use service:Action, such as ses:SendEmail",
        ),
        (
            "{actions: [ses:SendEmail], resources: [orders]}",
            "permissions[0].resources[0] is 'orders'; use an ARN, such as arn:aws:sqs:*:*:orders, or *",
        ),
        (
            '{actions: [ses:SendEmail], resources: ["*"]}',
            "permissions[0]: '*' has a wildcard; add a reason",
        ),
        (
            '{actions: ["ses:*"], resources: [arn:aws:ses:eu-west-1:123456789012:identity/x]}',
            "permissions[0]: 'ses:*' has a wildcard; add a reason",
        ),
        (
            "{actions: [], resources: [arn:aws:sqs:eu-west-1:123456789012:orders]}",
            "permissions[0].actions is an empty list; use a list with at least one item",
        ),
        (
            (
                "{actions: [sqs:SendMessage], resources: [arn:aws:sqs:eu-west-1:123456789012:orders], "
                "condition: {Equals: {a: b}}}"
            ),
            (
                "permissions[0].condition has the key 'Equals'; "
                "use an IAM condition operator, such as StringEquals"
            ),
        ),
    ],
)
def test_a_permission_that_breaks_a_rule(permission: str, problem: str) -> None:
    """A wildcard has its reason beside it."""
    assert problem_of(f"permissions:\n  - {permission}") == problem


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (
            "Users",
            (
                "'Users' can't be a function's name; "
                "use a lowercase letter, then lowercase letters, digits and _, at most 40"
            ),
        ),
        (
            "u" * 41,
            (
                f"'{'u' * 41}' can't be a function's name; "
                "use a lowercase letter, then lowercase letters, digits and _, at most 40"
            ),
        ),
        ("import", "'import' can't be a function's name, it is a keyword of Python; use another"),
    ],
)
def test_a_name_that_breaks_a_rule(name: str, problem: str) -> None:
    """A name is a Python package, a key in Terraform and part of names on AWS."""
    assert problems("description: x", name) == (problem,)


def test_everything_wrong_is_reported_at_once() -> None:
    """Sorted, one line each."""
    assert problems("memory_mb: 64\ntimeout_seconds: 0\ndatabse: reader") == (
        "description is missing; use a sentence of up to 256 characters",
        "memory_mb is 64; use 128 to 10240",
        "timeout_seconds is 0; use 1 to 900",
        "unknown key 'databse'; did you mean 'database'?",
    )
