"""What every trigger of a Cognito user pool gets.

COG: cognito-user-pools-working-with-lambda-triggers, "User pool Lambda trigger event".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypedDict

type Attributes = dict[str, str]
type Metadata = dict[str, str]


class NoResponse(TypedDict):
    """The response of a trigger that can only let things happen, or raise."""


@dataclass(frozen=True, slots=True)
class TriggerEvent[Request, Response]:
    """The event of a trigger: `request` tells, `response` is filled in. Their keys are Cognito's own.

    There is a subclass for each kind of trigger; `sources` are the `triggerSource`s it is called with.
    `client_id` is CLIENT_ID_NOT_APPLICABLE when an administrator acts.
    """

    sources: ClassVar[frozenset[str]] = frozenset()

    trigger_source: str
    region: str
    user_pool_id: str
    user_name: str
    client_id: str
    request: Request
    response: Response

    @classmethod
    def parse(cls, event: Mapping[str, Any]) -> Self:
        """The event in the mapping that Lambda passes, whose `request` and `response` it shares."""
        return cls(
            trigger_source=event["triggerSource"],
            region=event["region"],
            user_pool_id=event["userPoolId"],
            user_name=event["userName"],
            client_id=event["callerContext"]["clientId"],
            request=event["request"],
            response=event["response"],
        )


def sources(prefix: str, *suffixes: str) -> frozenset[str]:
    """Write out the sources of a kind of trigger.

    >>> sorted(sources("PreSignUp", "SignUp", "AdminCreateUser"))
    ['PreSignUp_AdminCreateUser', 'PreSignUp_SignUp']
    """
    return frozenset(f"{prefix}_{suffix}" for suffix in suffixes)
