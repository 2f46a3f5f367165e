"""A function as function.yaml declares it."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from toolchain.manifest.cognito_trigger import CognitoTrigger
from toolchain.manifest.environment import HTTP_ROUTE_GROUPS, NAME_PATTERN, VariableName, check_size
from toolchain.manifest.fields import ListOf, Model, Omittable, hint
from toolchain.manifest.http_trigger import HttpTrigger
from toolchain.manifest.message_triggers import SqsTrigger
from toolchain.manifest.permissions import Permission
from toolchain.manifest.triggers import ItemOf, Trigger


def _check_glob(pattern: str) -> str:
    if pattern.startswith("/") or ".." in pattern.split("/") or "\\" in pattern:
        raise ValueError("use a path inside the repository, relative to its root")
    return pattern


type FileGlob = Annotated[str, Field(min_length=1), AfterValidator(_check_glob)]
type LayerArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+$",
        json_schema_extra=hint(
            "use the ARN of a layer's version, such as arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"
        ),
    ),
]


class Manifest(Model):
    """The keys of function.yaml."""

    description: str = Field(
        min_length=1,
        max_length=256,
        description="What the function does; shown in the console.",
        json_schema_extra=hint("use a sentence of up to 256 characters"),
    )
    triggers: ListOf[Annotated[Trigger, ItemOf]] = Field(
        default=(), description="What starts the function. None: it is called by its name."
    )
    memory_mb: int = Field(
        default=256, ge=128, le=10240, description="Memory in MB. CPU grows with it; 1769 is one full CPU."
    )
    timeout_seconds: int = Field(
        default=10,
        ge=1,
        le=900,
        description="Lambda stops the function after this. HTTP: at most 30, Cognito: 5.",
    )
    ephemeral_storage_mb: int = Field(default=512, ge=512, le=10240, description="Size of /tmp in MB.")
    architecture: Literal["arm64", "x86_64"] = Field(
        default="arm64", description="The processor. arm64 costs a fifth less."
    )
    environment: Mapping[VariableName, str] = Field(
        default_factory=dict,
        description="Environment variables of every stage; its tfvars may add some, or have them otherwise."
        " No secrets.",
        json_schema_extra={
            **hint("use a mapping of names to strings"),
            "propertyNames": {"pattern": NAME_PATTERN},
        },
    )
    permissions: ListOf[Permission] = Field(
        default=(), description="What the function's role may do besides logging."
    )
    database: Literal["none", "reader", "writer", "owner"] = Field(
        default="none",
        description="Which database user the function connects as: reader, writer or owner, who changes"
        " tables. none: no connection.",
    )
    reserved_concurrency: Omittable[int] = Field(
        default=None, ge=0, description="Instances at once, at most; 0 stops the function. Default: no limit."
    )
    maximum_retry_attempts: int = Field(
        default=2,
        ge=0,
        le=2,
        description="How often an event that nobody waits for (schedule, sns, s3, eventbridge) is tried"
        " again; then it goes to the function's queue of failures.",
    )
    include: ListOf[FileGlob] = Field(
        default=(),
        description="Files to pack besides the code: globs from the repository's root.",
        examples=[["migrations/*.sql"]],
    )
    layers: ListOf[LayerArn] = Field(default=(), max_length=5, description="Lambda layers.")


class Function(Manifest):
    """A function: its manifest, and the name of its folder."""

    name: str

    @property
    def handler(self) -> str:
        """What Lambda imports and calls."""
        return f"functions.{self.name}.handler.handler"

    @property
    def http(self) -> tuple[HttpTrigger, ...]:
        return tuple(trigger for trigger in self.triggers if isinstance(trigger, HttpTrigger))

    @property
    def cognito(self) -> tuple[CognitoTrigger, ...]:
        return tuple(trigger for trigger in self.triggers if isinstance(trigger, CognitoTrigger))

    @property
    def variables(self) -> Mapping[str, str]:
        """The declared environment, and for routes who may use them: lib.http.access enforces it.

        HTTP_ROUTE_GROUPS is JSON like {"GET /health": null, "GET /me": [], "GET /users": ["admins"]}: null
        is anybody, [] is whoever is signed in.
        """
        if not self.http:
            return self.environment
        groups = {trigger.route_key: trigger.auth and trigger.auth.groups for trigger in self.http}
        return {
            **self.environment,
            HTTP_ROUTE_GROUPS: json.dumps(groups, sort_keys=True, separators=(",", ":")),
        }

    def queue_concurrency(self, trigger: SqsTrigger) -> int | None:
        """Batches of a queue at once, at most: its own limit, or its share of what the function reserves.

        None is no limit. AWS takes 2 to 1000.
        """
        reserved = self.reserved_concurrency or 0
        if trigger.maximum_concurrency or reserved < 2:
            return trigger.maximum_concurrency
        queues = sum(isinstance(one, SqsTrigger) for one in self.triggers)
        return min(1000, max(2, reserved // queues))

    @model_validator(mode="after")
    def _check_timeout(self) -> Self:
        """Both limits are AWS's and cannot be raised."""
        if self.cognito and self.timeout_seconds > 5:
            raise ValueError(f"timeout_seconds is {self.timeout_seconds}; Cognito waits 5 at most, use 4")
        if self.http and self.timeout_seconds > 30:
            raise ValueError(f"timeout_seconds is {self.timeout_seconds}; API Gateway waits 30 at most")
        return self

    @model_validator(mode="after")
    def _check_concurrency(self) -> Self:
        """Lambda would refuse what is more, and a message that is refused often enough is put aside.

        https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
        """
        reserved = self.reserved_concurrency
        wanted = sum(
            trigger.maximum_concurrency or 0 for trigger in self.triggers if isinstance(trigger, SqsTrigger)
        )
        if reserved and wanted > reserved:
            raise ValueError(
                f"maximum_concurrency of sqs triggers is {wanted} together; use at most {reserved}, the"
                " function's reserved_concurrency"
            )
        return self

    @model_validator(mode="after")
    def _check_environment(self) -> Self:
        check_size(self.variables)
        return self
