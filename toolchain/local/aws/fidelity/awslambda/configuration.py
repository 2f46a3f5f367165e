"""What a function is configured with.

https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from collections.abc import Mapping
from typing import Any

from moto.awslambda.models import LambdaFunction

_LOST = ("DeadLetterConfig", "FileSystemConfigs", "LoggingConfig", "SnapStart")
_UPDATED = {
    "KMSKeyArn": "kms_key_arn",
    "Layers": "layers",
    "TracingConfig": "tracing_config",
}


def correct() -> None:
    _keep_what_is_configured()
    _name_the_vpc()
    _tell_a_concurrency_of_none()


def _keep_what_is_configured() -> None:
    """LoggingConfig, DeadLetterConfig, FileSystemConfigs and SnapStart are dropped when a function is made,
    and with TracingConfig, KMSKeyArn and EphemeralStorage when it is updated: every plan sets them again, and
    publishes a version for it.
    """
    create, describe = LambdaFunction.__init__, LambdaFunction.get_configuration
    update = LambdaFunction.update_configuration

    def init(
        self: LambdaFunction, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1
    ) -> None:
        self.__dict__["settings"] = {name: spec[name] for name in _LOST if spec.get(name)}
        create(self, account_id, spec, region, version)

    def get_configuration(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002  moto's signature
        return {**describe(self, on_create), **_described(self)}

    def update_configuration(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        # A version that was published shares what it was copied from: never change it in place.
        updates = {name: value for name, value in config_updates.items() if name in _LOST}
        self.__dict__["settings"] = {**_settings(self), **updates}
        for name in _UPDATED.keys() & config_updates.keys() - {"Layers"}:
            setattr(self, _UPDATED[name], config_updates[name])
        if config_updates.get("EphemeralStorage"):
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        return update(self, config_updates)

    LambdaFunction.__init__ = init  # type: ignore[method-assign]
    LambdaFunction.get_configuration = get_configuration  # type: ignore[method-assign]
    LambdaFunction.update_configuration = update_configuration  # type: ignore[method-assign]


def _settings(function: LambdaFunction) -> Mapping[str, Any]:
    settings: Mapping[str, Any] = vars(function).get("settings", {})
    return settings


def _described(function: LambdaFunction) -> dict[str, Any]:
    """As AWS answers: with the defaults of what was given in part, without what was set to nothing."""
    settings = _settings(function)
    found: dict[str, Any] = {
        "LoggingConfig": _logging(function.function_name, settings.get("LoggingConfig") or {}),
        "SnapStart": _snap_start(function, (settings.get("SnapStart") or {}).get("ApplyOn", "None")),
    }
    if (settings.get("DeadLetterConfig") or {}).get("TargetArn"):
        found["DeadLetterConfig"] = settings["DeadLetterConfig"]
    if settings.get("FileSystemConfigs"):
        found["FileSystemConfigs"] = settings["FileSystemConfigs"]
    return found


def _logging(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """With defaults: https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html ."""
    levels = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    defaults = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}
    return {**defaults, **(levels if given.get("LogFormat") == "JSON" else {}), **given}


def _snap_start(function: LambdaFunction, apply_on: str) -> dict[str, str]:
    """It is on for versions, never for $LATEST.

    https://docs.aws.amazon.com/lambda/latest/api/API_SnapStartResponse.html
    """
    is_on = apply_on == "PublishedVersions" and str(function.version) != "$LATEST"
    return {"ApplyOn": apply_on, "OptimizationStatus": "On" if is_on else "Off"}


def _name_the_vpc() -> None:
    """VpcId is invented: it is that of the subnets."""
    original = vars(LambdaFunction)["vpc_config"].fget

    def vpc_config(self: LambdaFunction) -> dict[str, Any] | None:
        found: dict[str, Any] | None = original(self)
        if not found:
            return found
        from moto.ec2.models import ec2_backends  # half a second to load, for those in a VPC alone

        subnets = ec2_backends[self.account_id][self.region].subnets
        known = [zone[one] for one in found.get("SubnetIds", ()) for zone in subnets.values() if one in zone]
        return {**found, "VpcId": known[0].vpc_id if known else ""}

    setattr(LambdaFunction, "vpc_config", property(vpc_config))  # noqa: B010  a property, for mypy too


def _tell_a_concurrency_of_none() -> None:
    """A reserved concurrency of 0 switches a function off; GetFunction answers as if there were none."""
    original = LambdaFunction.get_code

    def get_code(self: LambdaFunction) -> dict[str, Any]:
        found = original(self)
        if self.reserved_concurrency == 0:
            found["Concurrency"] = {"ReservedConcurrentExecutions": 0}
        return found

    LambdaFunction.get_code = get_code  # type: ignore[method-assign]
