"""Environment variables a function may have.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import json
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_]+$"
RESERVED_BY_LAMBDA = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
HTTP_ROUTE_GROUPS = "HTTP_ROUTE_GROUPS"
SET_BY_THE_PLATFORM = frozenset(
    {
        HTTP_ROUTE_GROUPS,
        *("BUCKET_SUFFIX", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME", "RESOURCE_PREFIX"),
    }
)
LOG_LEVELS = frozenset({"LOG_LEVEL", "POWERTOOLS_LOG_LEVEL"})

LIMIT_BYTES = 4096
# What Terraform adds for every stage: the DATABASE_* connection, the log level, names of service and stage.
PLATFORM_BYTES = 768


def check_name(name: str) -> str:
    """The name itself when a function may set it."""
    if name in RESERVED_BY_LAMBDA:
        raise ValueError("Lambda sets it; use another name")
    if name in SET_BY_THE_PLATFORM or name.startswith("DATABASE_"):
        raise ValueError("the platform sets it; use another name")
    if name in LOG_LEVELS:
        raise ValueError("a stage sets the level, log_level in its tfvars; here, use --env LOG_LEVEL=DEBUG")
    if not re.fullmatch(NAME_PATTERN, name):
        raise ValueError("use a letter, then letters, digits and _; at least 2 characters")
    return name


def check_size(variables: Mapping[str, str]) -> None:
    """Lambda measures the variables as one JSON object, names and quotes included."""
    size = len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode())
    allowed = LIMIT_BYTES - PLATFORM_BYTES
    if size > allowed:
        raise ValueError(
            f"environment takes {size} bytes; use at most {allowed} "
            f"(Lambda has {LIMIT_BYTES}, the platform needs {PLATFORM_BYTES})"
        )


type VariableName = Annotated[str, AfterValidator(check_name)]
