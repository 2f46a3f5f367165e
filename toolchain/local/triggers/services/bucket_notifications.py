"""What a bucket is asked to announce: refused as S3 refuses it.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import xmltodict  # type: ignore[import-untyped]
from moto.s3.exceptions import InvalidArgumentError, InvalidNotificationARN, InvalidNotificationDestination
from moto.s3.models import Notification
from moto.s3.responses import S3Response
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from toolchain.local.triggers.mappings import Source
from toolchain.local.triggers.replacements import Replacement
from toolchain.local.triggers.services.targets import is_target
from toolchain.manifest.change_triggers import overlap

# The elements of a configuration, by what they announce to.
_KINDS = {"Topic": "sns", "Queue": "sqs", "CloudFunction": "lambda"}

type Configuration = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Changes:
    """What one configuration announces."""

    events: Sequence[str]
    prefix: str
    suffix: str


def replacements(is_function: Callable[[str], bool]) -> list[Replacement]:
    """moto fails at names of filters in capitals, and takes destinations that are not there."""

    def from_body(request: S3Response) -> Configuration:
        given: Configuration = xmltodict.parse(request.body)["NotificationConfiguration"] or {}
        found = {f"{kind}Configuration": _listed(given.get(f"{kind}Configuration")) for kind in _KINDS}
        every = [(kind, each) for kind in _KINDS for each in found[f"{kind}Configuration"]]
        region = request.backend.get_bucket(request.bucket_name).region_name
        for kind, each in every:
            _check(kind, each, region)
        if request.headers.get("x-amz-skip-destination-validation", "").lower() != "true":
            for kind, each in every:
                _check_destination(each[kind], is_function)
        _check_together([each for _, each in every])
        bus: Configuration = {"EventBridgeConfiguration": {}} if "EventBridgeConfiguration" in given else {}
        return {**{name: configurations for name, configurations in found.items() if configurations}, **bus}

    def key_matches(notification: Notification, key: str) -> bool:
        rules = _rules({"Filter": notification.filters})
        return key.startswith(rules.get("prefix", "")) and key.endswith(rules.get("suffix", ""))

    return [
        Replacement(S3Response, "_notification_config_from_body", from_body),
        Replacement(Notification, "_key_matches", key_matches),
    ]


def _check(kind: str, configuration: Configuration, region: str) -> None:
    """Complete what moto wants as lists; a KeyError is AWS's MalformedXML."""
    arn = configuration[kind]
    if not is_target(str(arn)) or Source(arn).service != _KINDS[kind]:
        raise InvalidNotificationARN
    if Source(arn).region != region:
        raise InvalidNotificationDestination
    configuration["Event"] = _listed(configuration["Event"])
    if configuration.get("Filter"):
        key = configuration["Filter"]["S3Key"] or {}
        key["FilterRule"] = [_checked_rule(rule) for rule in _listed(key["FilterRule"])]
        _check_once([rule["Name"] for rule in key["FilterRule"]])


def _checked_rule(rule: Configuration) -> Configuration:
    """Its name may be in any case; S3 answers `Prefix` and `Suffix`."""
    name, value = rule["Name"], rule["Value"]
    if str(name).lower() not in ("prefix", "suffix"):
        raise InvalidArgumentError(
            "filter rule name must be either prefix or suffix", "FilterRule.Name", str(name)
        )
    if not value:
        raise InvalidArgumentError("filter value cannot be empty", name, "")
    return {"Name": name.capitalize(), "Value": value}


def _check_once(names: Sequence[str]) -> None:
    for name in ("Prefix", "Suffix"):
        if names.count(name) > 1:
            message = f"Cannot specify more than one {name.lower()} rule in a filter."
            raise InvalidArgumentError(message, "FilterRule.Name", name)


def _check_destination(arn: str, is_function: Callable[[str], bool]) -> None:
    """Only whether it is there: permissions are not looked at here. The name of the argument is [U]."""
    destination = Source(arn)
    match destination.service:
        case "lambda":
            is_there = is_function(arn)
        case "sqs":
            is_there = destination.name in sqs_backends[destination.account_id][destination.region].queues
        case _:
            is_there = arn in sns_backends[destination.account_id][destination.region].topics
    if not is_there:
        raise InvalidArgumentError(
            "Unable to validate the following destination configurations", arn, "It does not exist"
        )


def _check_together(configurations: Sequence[Configuration]) -> None:
    """The words about ids are [U]."""
    ids = [each["Id"] for each in configurations if each.get("Id")]
    if len(set(ids)) < len(ids):
        message = "Same ID used for multiple configurations. IDs must be unique."
        raise InvalidArgumentError(message, "Id", next(one for one in ids if ids.count(one) > 1))
    if any(overlap(*pair) for pair in combinations(_changes(configurations), 2)):
        raise InvalidArgumentError(
            "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
            "Event",
            "",
        )


def _changes(configurations: Sequence[Configuration]) -> Iterator[_Changes]:
    for each in configurations:
        rules = _rules(each)
        yield _Changes(each["Event"], rules.get("prefix", ""), rules.get("suffix", ""))


def _rules(configuration: Configuration) -> dict[str, str]:
    """The values by the names in small letters, as some are that were kept."""
    key = (configuration.get("Filter") or {}).get("S3Key") or {}
    return {rule["Name"].lower(): rule["Value"] for rule in key.get("FilterRule", ())}


def _listed(found: Any) -> list[Any]:  # noqa: ANN401 - what XML has once is no list
    if found is None:
        return []
    return found if isinstance(found, list) else [found]
