"""Buckets that call functions."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolchain.local.comparison.names import Names
from toolchain.local.comparison.triggers import Trigger


def read(connect: Callable[[str], Any], names: Names) -> Iterator[Trigger]:
    client = connect("s3")
    for bucket in client.list_buckets()["Buckets"]:
        name = bucket["Name"]
        if not names.are_ours(name):
            continue
        configuration = client.get_bucket_notification_configuration(Bucket=name)
        for announced in configuration.get("LambdaFunctionConfigurations", ()):
            arn = announced["LambdaFunctionArn"]
            if names.is_our_function(arn):
                own = names.own(name).removesuffix(f"-{arn.split(':')[4]}")  # the account's, on AWS
                yield Trigger.of(names.of_function(arn), "s3", _notification(own, announced))


def _notification(bucket: str, announced: Mapping[str, Any]) -> dict[str, Any]:
    """Names of rules are in any case."""
    rules = announced.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    parts = {rule["Name"].lower(): rule["Value"] for rule in rules}
    return {
        "bucket": bucket,
        "events": announced["Events"],
        "prefix": parts.get("prefix", ""),
        "suffix": parts.get("suffix", ""),
    }
