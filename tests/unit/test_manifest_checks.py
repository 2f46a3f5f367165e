"""Rules about several functions together."""

import json

import pytest

from toolchain.errors import ManifestError
from toolchain.manifest import parse_function
from toolchain.manifest.checks import cross_problems
from toolchain.manifest.model import Function


def function(name: str, *triggers: object) -> Function:
    """A function with these triggers; JSON is YAML."""
    return parse_function(name, json.dumps({"description": name, "timeout_seconds": 4, "triggers": triggers}))


def route(method: str, path: str) -> dict[str, object]:
    return {"http": {"method": method, "path": path, "auth": "none"}}


def pool(trigger: str, **keys: str) -> dict[str, object]:
    return {"cognito": {"trigger": trigger, **keys}}


def bucket(events: list[str], prefix: str = "", suffix: str = "", name: str = "uploads") -> dict[str, object]:
    return {"s3": {"bucket": name, "events": events, "prefix": prefix, "suffix": suffix}}


def table(name: str, **keys: str) -> dict[str, object]:
    return {"dynamodb_stream": {"table": name, **keys}}


@pytest.mark.parametrize(
    ("one", "other", "problem"),
    [
        (
            route("GET", "/users"),
            route("GET", "/users"),
            (
                "functions/b/function.yaml: triggers[0] is GET /users, "
                "which functions/a/function.yaml: triggers[0] has as GET /users; keep one"
            ),
        ),
        (
            route("GET", "/users/{id}"),
            route("GET", "/users/{user}"),
            (
                "functions/b/function.yaml: triggers[0] is GET /users/{user}, "
                "which functions/a/function.yaml: triggers[0] has as GET /users/{id}; keep one"
            ),
        ),
        (
            route("ANY", "$default"),
            route("ANY", "$default"),
            (
                "functions/b/function.yaml: triggers[0] is $default, "
                "which functions/a/function.yaml: triggers[0] has as $default; keep one"
            ),
        ),
        (
            pool("PreTokenGeneration"),
            pool("PreTokenGeneration", version="V3_0"),
            (
                "functions/b/function.yaml: triggers[0] is PreTokenGeneration, "
                "which functions/a/function.yaml: triggers[0] has already; keep one"
            ),
        ),
        (
            bucket(["s3:ObjectCreated:*"], prefix="in/"),
            bucket(["s3:ObjectRemoved:*", "s3:ObjectCreated:Put"], suffix=".csv"),
            (
                "functions/b/function.yaml: triggers[0] and functions/a/function.yaml: triggers[0] "
                "announce the same changes in the bucket uploads; "
                "S3 allows one, tell them apart by events, prefix or suffix"
            ),
        ),
        (
            table("things"),
            table("things", key="sku"),
            (
                "functions/b/function.yaml: triggers[0] has the key sku for the table things, "
                "functions/a/function.yaml: triggers[0] has id; a table has one key"
            ),
        ),
    ],
)
def test_two_functions_cannot_have_the_same(one: object, other: object, problem: str) -> None:
    """The message cites both sides."""
    assert list(cross_problems([function("a", one), function("b", other)])) == [problem]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (bucket(["s3:ObjectCreated:*"]), bucket(["s3:ObjectCreated:Put"])),
        (bucket(["s3:ObjectCreated:Put"]), bucket(["s3:ObjectRemoved:*", "s3:ObjectCreated:Put"])),
        (bucket(["s3:ObjectCreated:*"], prefix="in/"), bucket(["s3:ObjectCreated:*"])),
        (bucket(["s3:ObjectCreated:*"], prefix="in/"), bucket(["s3:ObjectCreated:*"], prefix="in/new/")),
        (bucket(["s3:ObjectCreated:*"], suffix=".csv"), bucket(["s3:ObjectCreated:*"])),
        (bucket(["s3:ObjectCreated:*"], suffix=".gz"), bucket(["s3:ObjectCreated:*"], suffix=".csv.gz")),
    ],
)
def test_notifications_that_overlap(one: object, other: object) -> None:
    """Whichever of the two is the wider, and whichever comes first."""
    for first, second in ((one, other), (other, one)):
        problems = list(cross_problems([function("a", first), function("b", second)]))
        assert [
            problem.partition(" announce the same changes in the bucket uploads;")[1] for problem in problems
        ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (route("GET", "/users"), route("POST", "/users")),
        (route("GET", "/users"), route("ANY", "/users")),
        (route("GET", "/users/{id}"), route("GET", "/users/{id+}")),
        (route("GET", "/users/{id}"), route("GET", "/users/me")),
        (pool("PreSignUp"), pool("PostConfirmation")),
        (bucket(["s3:ObjectCreated:*"]), bucket(["s3:ObjectRemoved:*"])),
        (bucket(["s3:ObjectCreated:Put"]), bucket(["s3:ObjectCreated:Post"])),
        (bucket(["s3:ObjectCreated:*"], prefix="a/"), bucket(["s3:ObjectCreated:*"], prefix="b/")),
        (bucket(["s3:ObjectCreated:*"], suffix=".a"), bucket(["s3:ObjectCreated:*"], suffix=".b")),
        (bucket(["s3:ObjectCreated:*"]), bucket(["s3:ObjectCreated:*"], name="other")),
        (table("things", key="sku"), table("things", key="sku")),
        (table("things", key="sku"), table("people")),
    ],
)
def test_two_functions_can_have_what_aws_tells_apart(one: object, other: object) -> None:
    """API Gateway takes a method before ANY, a literal before a parameter, that before a greedy one."""
    assert not list(cross_problems([function("a", one), function("b", other)]))


def test_one_function_cannot_have_a_route_twice() -> None:
    """The same rule, with both sides in one file."""
    twice = function("a", route("GET", "/users"), route("GET", "/users"))
    assert list(cross_problems([twice])) == [
        (
            "functions/a/function.yaml: triggers[1] is GET /users, "
            "which functions/a/function.yaml: triggers[0] has as GET /users; keep one"
        )
    ]


def test_an_api_has_300_routes() -> None:
    """AWS raises the quota on request only, and late."""
    functions = [function(f"f{n}", *(route("GET", f"/{n}/{m}") for m in range(100))) for n in range(3)]
    assert not list(cross_problems(functions))
    assert list(cross_problems([*functions, function("one_more", route("GET", "/"))])) == [
        "functions: there are 301 routes; an HTTP API has 300 at most, join some with ANY or {proxy+}"
    ]


def sending(name: str, *resources: str) -> Function:
    """A function that may do something with these ARNs."""
    permission = {"actions": ["sqs:SendMessage"], "resources": resources, "reason": "a test"}
    return parse_function(name, json.dumps({"description": name, "permissions": [permission]}))


_DECLARED = function(
    "a",
    {"sqs": {"queue": "orders"}},
    {"sns": {"topic": "news"}},
    {"dynamodb_stream": {"table": "things", "key": "id"}},
    {"eventbridge": {"bus": "shop", "pattern": {"source": ["shop"]}}},
    bucket(["s3:ObjectCreated:*"]),
)


@pytest.mark.parametrize(
    ("resource", "kind", "name"),
    [
        ("arn:aws:sqs:*:*:ord*", "queue", "orders"),
        ("arn:aws:sns:*:*:new?", "topic", "news"),
        ("arn:aws:dynamodb:*:*:table/thing*/index/by_date", "table", "things"),
        ("arn:aws:events:*:*:event-bus/s*p", "bus", "shop"),
        ("arn:*:s3:::up*/incoming/*", "bucket", "uploads"),
    ],
)
def test_part_of_a_name_on_aws_is_refused(resource: str, kind: str, name: str) -> None:
    """The stage's name comes before it: the permission would be for what others have called so."""
    assert list(cross_problems([_DECLARED, sending("b", resource)])) == [
        (
            f"functions/b/function.yaml: permissions[0].resources[0] is {resource!r}, which fits the {kind} "
            f"{name}, but not its name on AWS, which begins with the stage's; name the {kind} in full"
        )
    ]


def test_whole_names_and_those_of_others_are_for_terraform() -> None:
    """A whole name gets the stage's before it, with whatever is in the resource; others stay as they are."""
    fine = (
        "*",
        "arn:aws:sqs:*:*:*",
        "arn:aws:sqs:*:*:orders",
        "arn:aws:sqs:eu-west-1:123456789012:ord*",
        "arn:aws:sqs:*:*:bills-*",
        "arn:aws:dynamodb:*:*:table/things/index/*",
        "arn:aws:s3:::uploads/incoming/*",
        "arn:aws:s3:::shared-*/*",
        "arn:aws:ssm:*:*:parameter/ord*",
    )
    assert not list(cross_problems([_DECLARED, sending("b", *fine)]))


def test_queues_share_the_reserved_concurrency() -> None:
    """What Lambda fetches and can't hand over counts as delivered."""
    triggers = [{"sqs": {"queue": name, "maximum_concurrency": 3}} for name in ("orders", "bills")]
    manifest = {"description": "works", "reserved_concurrency": 5, "triggers": triggers}
    with pytest.raises(ManifestError) as refused:
        parse_function("work", json.dumps(manifest))
    assert list(refused.value.problems) == [
        (
            "maximum_concurrency of sqs triggers is 6 together; use at most 5, the function's "
            "reserved_concurrency"
        )
    ]
    assert parse_function("work", json.dumps({**manifest, "reserved_concurrency": 6}))
