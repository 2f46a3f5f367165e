"""IAM policy documents of a plan, whether their JSON is known or only the data source that will make it.

The grammar: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.scan.plan import Plan, Resource, static

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """One of a statement's conditions: `StringEquals`, the key, and the values that fulfil it."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement; `excludes`: by NotAction or NotResource; `federated`: OIDC or SAML is its principal."""

    sid: str
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    excludes: bool
    federated: bool


def statements_of(plan: Plan, resource: Resource, attribute: str) -> list[Statement] | None:
    """The statements of a policy in an attribute of a resource; None if the plan can't tell them."""
    text = resource.values.get(attribute)
    if text:
        return parse_statements(json.loads(text))
    if not resource.unknown.get(attribute):
        return []
    wanted = plan.sources(resource, attribute)
    documents = [each for each in plan.of("aws_iam_policy_document") if static(each.address) in wanted]
    if not documents:
        return None
    return [_planned(each) for document in documents for each in document.values.get("statement") or ()]


def parse_statements(document: Json) -> list[Statement]:
    """`{"Statement": [{"Effect": "Allow", ...}]}` -> its statements."""
    return [_written(each) for each in _list(document.get("Statement"))]


def _written(statement: Json) -> Statement:
    conditions = tuple(
        Condition(operator, key, _texts(values))
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )
    principal = statement.get("Principal", {})
    return Statement(
        sid=statement.get("Sid", ""),
        allows=statement.get("Effect") == "Allow",
        actions=_texts(statement.get("Action")),
        resources=_texts(statement.get("Resource")),
        conditions=conditions,
        excludes="NotAction" in statement or "NotResource" in statement,
        federated=isinstance(principal, Mapping) and "Federated" in principal,
    )


def _planned(statement: Json) -> Statement:
    """Of a data source aws_iam_policy_document that is read during the apply; null where not known."""
    conditions = tuple(
        Condition(each["test"], each["variable"], _texts(each["values"]))
        for each in statement.get("condition") or ()
    )
    return Statement(
        sid=statement.get("sid") or "",
        allows=(statement.get("effect") or "Allow") == "Allow",
        actions=_texts(statement.get("actions")),
        resources=_texts(statement.get("resources")),
        conditions=conditions,
        excludes=bool(statement.get("not_actions") or statement.get("not_resources")),
        federated=any(each.get("type") == "Federated" for each in statement.get("principals") or ()),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in _iterate(value) if each is not None)


def _list(value: Any) -> list[Json]:  # noqa: ANN401 - raw JSON
    return list(_iterate(value))


def _iterate(value: Any) -> Iterator[Any]:  # noqa: ANN401 - raw JSON
    """One value or a list of them, as IAM writes both."""
    if value is not None:
        yield from value if isinstance(value, list) else [value]
