"""Published versions.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
"""

import copy
from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction, LambdaStorage

# What differs between a function and the version that was just made of it.
_OWN = ("FunctionArn", "LastModified", "LastUpdateStatus", "SnapStart", "State", "Version")


def correct() -> None:
    _publish_what_has_changed()
    _update_code_once()


def _publish_what_has_changed() -> None:
    """AWS publishes nothing when code and configuration are those of the last version; moto, when no update
    was sent, even one that changes nothing. A version's number is never given again; moto counts those that
    are there. What a version consists of stays; moto's versions share the mappings of $LATEST.
    """

    def publish_version(self: LambdaStorage, name_or_arn: str, description: str = "") -> LambdaFunction:
        latest = self.get_function_by_name_or_arn_forbid_qualifier(name_or_arn)
        content = _content(latest)
        versions: list[LambdaFunction] = self._functions[latest.function_name]["versions"]
        if versions and vars(versions[-1])["content"] == content:
            return versions[-1]
        number = vars(latest).get("published", len(versions)) + 1
        latest.__dict__["published"] = number
        version = copy.copy(latest)
        version.__dict__["content"] = content
        version.code, version.tags = dict(latest.code), {}
        version.set_version(number)
        version.description = description or latest.description
        versions.append(version)
        self._arns[version.function_arn] = version
        return version

    LambdaStorage.publish_version = publish_version  # type: ignore[method-assign]


def _content(function: LambdaFunction) -> dict[str, Any]:
    configuration = function.get_configuration()
    return {name: value for name, value in configuration.items() if name not in _OWN} | {
        "snapshots": configuration["SnapStart"]["ApplyOn"]
    }


def _update_code_once() -> None:
    """UpdateFunctionCode sets the code twice, and the second time in the version that it has published."""

    def update_function_code(
        self: LambdaBackend, function_name: str, qualifier: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        function = self.get_function(function_name, qualifier)
        if body.get("Architectures"):
            function.architectures = body["Architectures"]
        configuration = function.update_function_code(body)
        if body.get("Publish") and not body.get("DryRun"):
            version = self.publish_version(function.function_name)
            return version.get_configuration() if version else configuration
        return configuration

    LambdaBackend.update_function_code = update_function_code  # type: ignore[method-assign]
