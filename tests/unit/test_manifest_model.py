"""What function.yaml may say, and the sentence for everything it may not."""

import pytest

from tests.unit.manifest_problems import problem_of, problems
from toolchain.manifest import parse_function


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
            '{actions: ["ses:Send????"], resources: [arn:aws:ses:*:*:identity/x]}',
            "permissions[0]: 'ses:Send????' has a wildcard; add a reason",
        ),
        *(
            (
                f"{{actions: [s3:GetObject], resources: ['{resource}']}}",
                f"permissions[0]: '{resource}' has a wildcard; add a reason",
            )
            for resource in (
                "arn:aws:sqs:*:*:orders-*",
                "arn:aws:sqs:*:*:*",
                "arn:aws:sqs:*:123456789012:orders",
                "arn:aws:iam::*:role/reader",
                "arn:aws:*:*:*:orders",
                "arn:aws:s3:::up*/incoming/x",
                "arn:aws:s3:::upload?",
                "arn:aws:s3:::*",
                "arn:aws:dynamodb:*:*:table/*",
                "arn:aws:dynamodb:*:*:table/*/index/by_date",
                "arn:aws:lambda:*:*:function:orders:*",
            )
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
    "resource",
    [
        "arn:aws:sqs:*:*:item_added",
        "arn:aws:events:*:*:event-bus/shop",
        "arn:aws:s3:::uploads/incoming/*",
        "arn:aws:s3:::uploads/*.csv",
        "arn:aws:dynamodb:*:*:table/orders/index/*",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by_*",
    ],
)
def test_a_resource_that_is_named_in_full_needs_no_reason(resource: str) -> None:
    """Nobody knows region and account in a manifest, nor what is in a bucket or a table."""
    permission = f"{{actions: [s3:GetObject], resources: ['{resource}']}}"
    [found] = parse_function("users", f"description: x\npermissions:\n  - {permission}").permissions
    assert found.resources == (resource,)


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
