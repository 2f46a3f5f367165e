"""Own policies: what each finds, word for word, and what it lets pass."""

import json
from typing import Any

import pytest

from tests.unit.scan.plans import plan, refer, resource
from toolchain.scan.policies import examine, unread

API = "aws_apigatewayv2_api.this"
GITHUB = "token.actions.githubusercontent.com"


def _found(*resources: dict[str, Any], **modules: Any) -> list[str]:  # noqa: ANN401 - raw JSON
    return [str(finding) for finding in examine(plan(*resources, **modules))]


@pytest.mark.parametrize(
    ("credentials", "origins", "found"),
    [
        (True, ["*"], ["allow_credentials with allow_origins *; name the origins"]),
        (True, ["https://*"], ["allow_credentials with allow_origins https://*; name the origins"]),
        (True, ["https://app.example.com"], []),
        (False, ["*"], []),
    ],
)
def test_cors(credentials: bool, origins: list[str], found: list[str]) -> None:  # noqa: FBT001
    """Any origin, or the user's cookies: not both."""
    cors = [{"allow_credentials": credentials, "allow_origins": origins}]
    findings = _found(resource(API, cors_configuration=cors))
    assert findings == [f"{API}: {each} [own/cors_with_credentials]" for each in found]


@pytest.mark.parametrize("require_tls", [True, False, None])
def test_proxy(require_tls: bool | None) -> None:  # noqa: FBT001
    """RDS Proxy takes plain connections unless told not to."""
    findings = _found(resource("aws_db_proxy.this", require_tls=require_tls))
    message = "aws_db_proxy.this: require_tls is not true; set it [own/proxy_without_tls]"
    assert findings == ([] if require_tls else [message])


def _rule(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - raw JSON
    return {"ip_protocol": "tcp", "from_port": 3306, "to_port": 3306} | values


NEW_RULE = "aws_vpc_security_group_ingress_rule.this"
OLD_RULE = "aws_security_group_rule.this"


@pytest.mark.parametrize(
    ("address", "values", "who"),
    [
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16"), "10.0.0.0/16"),
        (NEW_RULE, _rule(cidr_ipv6="::/0"), "::/0"),
        (NEW_RULE, _rule(prefix_list_id="pl-1"), "pl-1"),
        (NEW_RULE, _rule(cidr_ipv4="0.0.0.0/0", from_port=0, to_port=65535), "0.0.0.0/0"),
        (NEW_RULE, {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"}, "0.0.0.0/0"),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", ip_protocol="6"), "10.0.0.0/16"),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", from_port=443, to_port=443), None),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", ip_protocol="udp"), None),
        (NEW_RULE, _rule(cidr_ipv4="10.0.0.0/16", from_port=3307, to_port=3400), None),
        (OLD_RULE, {"type": "ingress", "protocol": "-1", "self": True}, "itself"),
        (OLD_RULE, {"type": "ingress", "protocol": "-1", "cidr_blocks": ["10.0.0.0/8"]}, "10.0.0.0/8"),
        (OLD_RULE, {"type": "egress", "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}, None),
        ("aws_security_group.this", {"ingress": [{"protocol": "-1", "self": True}]}, "itself"),
        ("aws_security_group.this", {"ingress": []}, None),
    ],
)
def test_open_database(address: str, values: dict[str, Any], who: str | None) -> None:
    """Addresses, lists of them and a group's own members are wider than the functions' group."""
    message = f"{who} may reach port 3306; refer to the functions' security group"
    assert _found(resource(address, **values)) == (
        [f"{address}: {message} [own/open_database]"] if who else []
    )


FUNCTION = resource(
    "module.function.aws_lambda_function.this",
    {"vpc_config": [{"security_group_ids": refer("var.groups")}]},
    vpc_config=[{}],
)
DYNAMIC = resource("module.function.aws_lambda_function.this", vpc_config=[{}])
GROUPS = {
    "arguments": {
        "function": {"groups": refer("module.network.functions_id", "module.network")},
        "database": {"source": refer("module.network.functions_id", "module.network")},
    },
    "outputs": {
        "network": {"functions_id": refer("aws_security_group.functions.id", "aws_security_group.functions")}
    },
}
NETWORK = resource("module.network.aws_security_group.functions", ingress=[])
STRANGER = "module.database.aws_security_group.other"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (refer("var.source"), None),
        (
            refer("aws_security_group.other.id", "aws_security_group.other"),
            f"{STRANGER} may reach port 3306, and is no group of functions or of the proxy",
        ),
        (
            refer("each.value.group_id"),
            "each.value.group_id may reach port 3306; refer to a security group that can be followed",
        ),
    ],
)
@pytest.mark.parametrize("function", [FUNCTION, DYNAMIC])
def test_group_that_reaches_the_database(
    source: dict[str, Any], problem: str | None, function: dict[str, Any]
) -> None:
    """It is followed through variables and outputs of modules to the group that functions have."""
    address = "module.database.aws_vpc_security_group_ingress_rule.this"
    rule = resource(
        address, {"referenced_security_group_id": source}, **_rule(referenced_security_group_id=...)
    )
    findings = _found(function, NETWORK, rule, **GROUPS)
    assert findings == ([f"{address}: {problem} [own/open_database]"] if problem else [])


def test_groups_that_are_known() -> None:
    """Once they are made, ids tell; a group has its rules from resources of their own, too."""
    function = resource("aws_lambda_function.this", vpc_config=[{"security_group_ids": ["sg-1"]}])
    ingress = [_rule(protocol="tcp", security_groups=["sg-1", "sg-2"])]
    problem = "sg-2 may reach port 3306, and is no group of functions or of the proxy [own/open_database]"
    found = _found(function, resource("aws_security_group.database", ingress=ingress))
    assert found == [f"aws_security_group.database: {problem}"]
    ingress = [_rule(protocol="tcp", security_groups=["sg-1"])]
    assert _found(function, resource("aws_security_group.database", ingress=ingress)) == []


PASSWORD = "own/database_password"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            resource("aws_db_instance.this", password="hunter2"),
            "password is kept in the state; use manage_master_user_password",
        ),
        (
            resource("aws_db_instance.this", password=...),
            "password is kept in the state; use manage_master_user_password",
        ),
        (
            resource("aws_rds_cluster.this", master_password="hunter2"),
            "master_password is kept in the state; use manage_master_user_password",
        ),
        (resource("aws_db_instance.this", manage_master_user_password=True, password=None), None),
        (
            resource("aws_db_instance.this", {"password_wo": {"constant_value": "hunter2"}}),
            "password_wo is written in the configuration; let AWS make it",
        ),
        (resource("aws_db_instance.this", {"password_wo": refer("ephemeral.random_password.this")}), None),
        (
            resource(
                "aws_secretsmanager_secret_version.this", {"secret_string": {"constant_value": "hunter2"}}
            ),
            "secret_string is written in the configuration; let AWS make it",
        ),
        (
            resource(
                "aws_lambda_function.this", environment=[{"variables": {"DATABASE_PASSWORD": "hunter2"}}]
            ),
            "environment variable DATABASE_PASSWORD holds a password; use IAM or a secret's ARN",
        ),
        (
            resource(
                "aws_lambda_function.this", environment=[{"variables": {"DATABASE_SECRET_ARN": "arn:"}}]
            ),
            None,
        ),
    ],
)
def test_passwords(given: dict[str, Any], message: str | None) -> None:
    """Never in code, state or a function's environment; and never in the message."""
    findings = _found(given)
    assert findings == ([f"{given['address']}: {message} [{PASSWORD}]"] if message else [])
    assert "hunter2" not in "".join(findings)


def _trust(*conditions: tuple[str, str, list[str]]) -> dict[str, Any]:
    """A role, its policy known only after the apply, as the provider's ARN is."""
    return resource(
        "data.aws_iam_policy_document.trust",
        json=...,
        statement=[
            {
                "actions": ["sts:AssumeRoleWithWebIdentity"],
                "principals": [{"type": "Federated", "identifiers": [None]}],
                "condition": [
                    {"test": a, "variable": f"{GITHUB}:{b}", "values": c} for a, b, c in conditions
                ],
            }
        ],
    )


AUD = ("StringEquals", "aud", ["sts.amazonaws.com"])
ROLE = resource(
    "aws_iam_role.ci",
    {
        "assume_role_policy": refer(
            "data.aws_iam_policy_document.trust.json", "data.aws_iam_policy_document.trust"
        )
    },
    assume_role_policy=...,
)


@pytest.mark.parametrize(
    ("conditions", "missing"),
    [
        ([AUD, ("StringEquals", "sub", ["repo:shop/api:environment:prod"])], []),
        ([AUD], ["sub"]),
        ([], ["aud", "sub"]),
        ([AUD, ("StringLike", "sub", ["repo:shop/api:*"])], ["sub"]),
        ([AUD, ("StringLike", "sub", ["repo:shop/api:ref"])], ["sub"]),
        ([AUD, ("StringEquals", "sub", ["repo:shop/api:*"])], ["sub"]),
        ([AUD, ("StringEquals", "sub", ["repo:shop/api:environment:prod", "repo:shop/*"])], ["sub"]),
        ([AUD, ("StringEquals", "sub", [])], ["sub"]),
        ([AUD, ("StringEqualsIfExists", "sub", ["repo:shop/api:environment:prod"])], ["sub"]),
    ],
)
def test_trust_of_github(conditions: list[tuple[str, str, list[str]]], missing: list[str]) -> None:
    """A pattern that fits one more repository lets its workflows in."""
    expected = [
        f"aws_iam_role.ci: trusts an OIDC provider without an exact {key}; "
        "use StringEquals with whole values [own/oidc_trust]"
        for key in missing
    ]
    assert _found(ROLE, _trust(*conditions)) == expected


def test_trust_that_is_known_already() -> None:
    """The same rule holds for the JSON of a stage that stands."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/x"},
        "Condition": {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
    }
    role = resource("aws_iam_role.ci", assume_role_policy=json.dumps({"Statement": statement}))
    assert [each.split("exact ")[1] for each in _found(role)] == [
        "sub; use StringEquals with whole values [own/oidc_trust]"
    ]


def test_trust_of_lambda_needs_no_subject() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"},
    }
    role = resource("aws_iam_role.this", assume_role_policy=json.dumps({"Statement": [statement]}))
    assert _found(role) == []


def test_trust_that_cannot_be_read() -> None:
    """Nothing passes unread."""
    role = resource("aws_iam_role.ci", {"assume_role_policy": refer("local.trust")}, assume_role_policy=...)
    message = "assume_role_policy can't be read from the plan; write it as aws_iam_policy_document"
    assert _found(role) == [f"aws_iam_role.ci: {message} [own/oidc_trust]"]


@pytest.mark.parametrize(
    ("statement", "problems"),
    [
        ({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}, []),
        (
            {"Effect": "Allow", "Sid": "Trace", "Action": ["xray:Put", "xray:Get"], "Resource": "*"},
            ["#Trace: allows xray:Put and 1 more on every resource"],
        ),
        (
            {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/*"},
            ["#: allows s3:*; name the actions"],
        ),
        (
            {"Effect": "Allow", "Action": "*", "Resource": ["*"]},
            ["#: allows * on every resource", "#: allows *; name the actions"],
        ),
        (
            {"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "arn:aws:s3:::bucket/*"},
            ["#: allows all but what it lists; list what it allows"],
        ),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
    ],
)
def test_wildcards(statement: dict[str, Any], problems: list[str]) -> None:
    """A `*` needs a reason in the ledger; what is denied does not."""
    policy = resource("aws_iam_role_policy.this", policy=json.dumps({"Statement": [statement]}))
    assert _found(policy) == [f"aws_iam_role_policy.this{each} [own/wildcard]" for each in problems]


def test_policy_that_is_not_known_yet() -> None:
    """It is told apart from one that was read."""
    policy = resource("aws_iam_role_policy.this", {"policy": refer("local.policy")}, policy=...)
    assert unread(plan(policy)) == ["aws_iam_role_policy.this"]
    assert _found(policy) == []


def test_attached_policy_of_aws() -> None:
    """What AWS wrote for everybody is a wildcard, too."""
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    narrow = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
    found = _found(
        resource("aws_iam_role_policy_attachment.a", policy_arn=arn),
        resource("aws_iam_role_policy_attachment.b", policy_arn=narrow),
    )
    assert found == [f"aws_iam_role_policy_attachment.a: attaches {arn}; write what it needs [own/wildcard]"]
