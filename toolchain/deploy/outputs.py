"""The outputs of a stage, as other programs want them."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args

from toolchain.errors import DeployError

type Format = Literal["env", "json", "amplify"]


def check(form: str) -> None:
    """Raises DeployError for a format that does not exist."""
    formats = get_args(Format.__value__)
    if form not in formats:
        raise DeployError(f"--format is {form}; use {', '.join(formats)}")


def render(outputs: Mapping[str, Any], form: str, endpoint: str | None) -> str:
    """The outputs in a format: `env` for shells and .env files, `json`, `amplify` for Amplify.configure.

    `endpoint` is the local cloud's address. Raises DeployError for a format that does not exist, and when the
    stage has nothing yet.
    """
    check(form)
    if not outputs:
        raise DeployError("the stage has no outputs yet; deploy it")
    if form == "json":
        return json.dumps(outputs, indent=2, sort_keys=True) + "\n"
    if form == "env":
        return "".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(_variables(outputs)))
    return json.dumps(amplify(outputs, endpoint), indent=2) + "\n"


def amplify(outputs: Mapping[str, Any], endpoint: str | None) -> Mapping[str, Any]:
    """The argument of Amplify.configure: https://docs.amplify.aws/react/reference/amplify_outputs/."""
    cognito = {
        "userPoolId": outputs.get("user_pool_id"),
        "userPoolClientId": outputs.get("user_pool_client_id"),
    }
    if endpoint:
        cognito["userPoolEndpoint"] = endpoint
    api = {"endpoint": outputs.get("api_url"), "region": outputs.get("region")}
    return {"Auth": {"Cognito": cognito}, "API": {"REST": {"api": api}}}


def _variables(outputs: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Names and values; an object's are prefixed with its name, functions' own are left out."""
    for name, value in outputs.items():
        variable = re.sub(r"\W", "_", f"{prefix}{name}").upper()
        if isinstance(value, str | int | float):
            yield variable, str(value).lower() if isinstance(value, bool) else str(value)
        elif isinstance(value, Mapping) and name != "functions":
            yield from _variables(value, f"{prefix}{name}_")
