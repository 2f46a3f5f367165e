"""IAM statements of a function's role. Allow only: what is not listed is denied anyway.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from toolchain.manifest.fields import ListOf, Model, Omittable, hint

_OPERATOR = re.compile(
    r"(ForAllValues:|ForAnyValue:)?"
    r"(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?"
    r"|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))"
    r"(IfExists)?|Null"
)


# Terraform fills in the stage's region and account, where both are open.
_PLACE = re.compile(r"^(arn:[a-z-]+:[a-z0-9-]+):\*:\*:")
# Keys of objects, indexes and streams: what is in a bucket or a table that is named in full.
_CONTENT = re.compile(r"^(arn:[a-z-]+:(?:s3:::|dynamodb:[a-z0-9-]*:[0-9]*:table/)[^/*?]+)/.*$")


def _check_operator(operator: str) -> str:
    if not _OPERATOR.fullmatch(operator):
        raise ValueError("use an IAM condition operator, such as StringEquals")
    return operator


def _as_list(value: object) -> object:
    """IAM lets a single value stand for a list of one."""
    return [value] if isinstance(value, str) else value


type Action = Annotated[
    str,
    Field(
        pattern=r"^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$",
        json_schema_extra=hint("use service:Action, such as ses:SendEmail"),
    ),
]
type Resource = Annotated[
    str,
    Field(
        pattern=r"^(\*|arn:[a-z*-]+:[a-z0-9*-]+:[a-z0-9*-]*:[0-9*]*:\S+)$",
        json_schema_extra=hint("use an ARN, such as arn:aws:sqs:*:*:orders, or *"),
    ),
]
type Values = Annotated[
    ListOf[str], Field(min_length=1), BeforeValidator(_as_list, json_schema_input_type=str | list[str])
]
type Operator = Annotated[str, AfterValidator(_check_operator)]


class Permission(Model):
    """One statement: these actions on these resources are allowed."""

    actions: ListOf[Action] = Field(
        min_length=1, description="What is allowed.", examples=[["ses:SendEmail"]]
    )
    resources: ListOf[Resource] = Field(
        min_length=1,
        description="ARNs of what it is allowed on; *:* is the region and the account of the stage.",
        examples=[["arn:aws:sqs:*:*:orders"]],
    )
    reason: Omittable[str] = Field(
        default=None,
        min_length=1,
        description="Why; required where an action has a wildcard, or a resource but for *:* and for what is"
        " in a bucket or a table.",
    )
    condition: Mapping[Operator, Mapping[str, Values]] = Field(
        default_factory=dict,
        description="When it is allowed: operator, then condition key, then the values.",
        examples=[{"StringEquals": {"ses:FromAddress": "noreply@example.com"}}],
        json_schema_extra=hint(
            "use a mapping such as {StringEquals: {ses:FromAddress: noreply@example.com}}"
        ),
    )

    @model_validator(mode="after")
    def _check_wildcards(self) -> Self:
        named = {resource: _CONTENT.sub(r"\1", _PLACE.sub(r"\1:::", resource)) for resource in self.resources}
        texts = {action: action for action in self.actions} | named
        wildcards = [text for text, own in texts.items() if "*" in own or "?" in own]
        if wildcards and not self.reason:
            raise ValueError(f"{wildcards[0]!r} has a wildcard; add a reason")
        return self
