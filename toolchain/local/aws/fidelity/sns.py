"""SNS: subscriptions that are refused are not there."""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse


def correct() -> None:
    _refuse_policies_that_are_no_json()
    _forget_what_is_refused()


def _refuse_policies_that_are_no_json() -> None:
    """A FilterPolicy that is no JSON is an error of moto's own.

    AWS's words, as far as they do not name the place, are those of the validated tests of
    https://github.com/localstack/localstack .
    """
    original = SNSBackend.set_subscription_attributes

    def set_subscription_attributes(self: SNSBackend, arn: str, name: str, value: Any) -> None:  # noqa: ANN401  moto's
        if name == "FilterPolicy" and value and not _is_object(value):
            raise SNSInvalidParameter("Invalid parameter: FilterPolicy: failed to parse JSON.")
        original(self, arn, name, value)

    SNSBackend.set_subscription_attributes = set_subscription_attributes  # type: ignore[method-assign]


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _forget_what_is_refused() -> None:
    """Subscribe makes the subscription, then sets its attributes: it stays when one of them is refused."""
    original = SNSResponse.subscribe

    def subscribe(self: SNSResponse) -> ActionResult:
        asked = [self._get_param(name) for name in ("TopicArn", "Endpoint", "Protocol")]
        is_new = self.backend._find_subscription(*asked) is None  # noqa: SLF001  it has no public name
        try:
            return original(self)
        except Exception:
            made = self.backend._find_subscription(*asked)  # noqa: SLF001  the same
            if is_new and made:
                del self.backend.subscriptions[made.arn]
            raise

    SNSResponse.subscribe = subscribe  # type: ignore[method-assign]
