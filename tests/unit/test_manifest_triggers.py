"""What function.yaml may say of its triggers, and the sentence for everything it may not."""

import pytest

from tests.unit.manifest_problems import problem_of
from toolchain.manifest import parse_function
from toolchain.manifest.http_trigger import HttpTrigger, Jwt


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
        ("{sqs: }", "triggers[0].sqs is empty; use a mapping, such as {queue: orders}"),
        *(
            (
                f"{{{kind}: rate(1 days)}}",
                f"triggers[0].{kind} is 'rate(1 days)'; use a mapping, such as {example}",
            )
            for kind, example in (
                ("http", "{method: GET, path: /things}"),
                ("cognito", "{trigger: PostConfirmation}"),
                ("schedule", "{expression: rate(1 day)}"),
                ("sqs", "{queue: orders}"),
                ("sns", "{topic: news}"),
                ("s3", "{bucket: uploads}"),
                ("eventbridge", "{pattern: {source: [shop.orders]}}"),
                ("dynamodb_stream", "{table: orders}"),
            )
        ),
        (
            "{schedule: {expression: rate(1 day), input: sweep}}",
            "triggers[0].schedule.input is 'sweep'; use a mapping, such as {task: sweep}",
        ),
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
            "{sqs: {queue: orders, maximum_concurrency: 1}}",
            "triggers[0].sqs.maximum_concurrency is 1; use 2 to 1000",
        ),
        (
            "{eventbridge: {bus: shop/orders, pattern: {source: [shop]}}}",
            "triggers[0].eventbridge.bus is 'shop/orders'; use up to 256 letters, digits, . - and _",
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
