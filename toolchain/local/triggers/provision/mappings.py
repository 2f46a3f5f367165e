"""Event source mappings, and the functions that they must name."""

import io
import zipfile
from typing import Any

from toolchain.local.triggers.provision.cloud import Cloud
from toolchain.local.triggers.provision.provided import Provided
from toolchain.manifest.model import Function

# Says that a function's code is the checkout's, not the package that CreateFunction was given.
SOURCE_TAG = {"local:code": "source"}


def provide_mapping(cloud: Cloud, function: Function, source_arn: str, settings: dict[str, Any]) -> Provided:
    """Have a queue or stream call a function; the mapping that is there is brought up to date."""
    client = cloud.client("lambda")
    _provide_function(cloud, function)
    found = client.list_event_source_mappings(EventSourceArn=source_arn)["EventSourceMappings"]
    arn = cloud.place.function_arn(function.name)
    mapping = next((mapping for mapping in found if mapping["FunctionArn"] == arn), None)
    if mapping is None:
        created = client.create_event_source_mapping(
            EventSourceArn=source_arn, FunctionName=function.name, **settings
        )
        return Provided("mapping", created["UUID"])
    changes = {name: value for name, value in settings.items() if name != "StartingPosition"}
    client.update_event_source_mapping(UUID=mapping["UUID"], **changes)
    return Provided("mapping", mapping["UUID"])


def _provide_function(cloud: Cloud, function: Function) -> None:
    """The function in the control plane, where mappings are made. It runs from the checkout all the same."""
    client = cloud.client("lambda")
    settings = {
        "FunctionName": function.name,
        "Description": function.description,
        "Handler": function.handler,
        "MemorySize": function.memory_mb,
        "Timeout": function.timeout_seconds,
        "Environment": {"Variables": dict(function.variables)},
    }
    try:
        client.get_function_configuration(FunctionName=function.name)
    except client.exceptions.ResourceNotFoundException:
        client.create_function(
            **settings,
            Runtime="python3.13",
            Role=_provide_role(cloud, function.name),
            Architectures=[function.architecture],
            Code={"ZipFile": _empty_package()},
            Tags=SOURCE_TAG,
        )
    else:
        client.update_function_configuration(**settings)


def _provide_role(cloud: Cloud, name: str) -> str:
    client = cloud.client("iam")
    try:
        role = client.get_role(RoleName=name)
    except client.exceptions.NoSuchEntityException:
        role = client.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    return str(role["Role"]["Arn"])


def _empty_package() -> bytes:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w"):
        pass
    return package.getvalue()
