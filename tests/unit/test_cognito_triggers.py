"""How often a trigger's function is called, and how long each call may take."""

from dataclasses import dataclass

import pytest

from tests.unit.cognito_fakes import pool
from toolchain.local.cognito.errors import CognitoError
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.invocation import Invocation, InvocationError, TooManyRequestsError


@dataclass
class BusyFunctions:
    """Refuses as often as it is told to, then returns the event."""

    refusals: list[InvocationError | TimeoutError]
    timeouts: list[float]

    def invoke(self, name: str, payload: bytes, timeout_seconds: float) -> Invocation:
        assert name == "arn"
        self.timeouts.append(timeout_seconds)
        if self.refusals:
            raise self.refusals.pop()
        return Invocation("id", payload)


@pytest.mark.parametrize(("refusals", "succeeds"), [(0, True), (2, True), (3, False)])
def test_trigger_has_three_attempts_of_five_seconds(refusals: int, succeeds: bool) -> None:  # noqa: FBT001  a column
    functions = BusyFunctions([TooManyRequestsError("ConcurrentInvocationLimitExceeded")] * refusals, [])
    call = Call(pool(LambdaConfig={"PreSignUp": "arn"}), "PreSignUp", "PreSignUp_SignUp", "ada", None, {}, {})
    if succeeds:
        assert Triggers(functions).fire(call) == {}
    else:
        with pytest.raises(CognitoError, match="failed due to error TooManyRequestsException"):
            Triggers(functions).fire(call)
    assert functions.timeouts == [5.0] * min(refusals + 1, 3)


def test_pool_without_a_trigger_calls_nothing() -> None:
    functions = BusyFunctions([], [])
    call = Call(pool(), "PreSignUp", "PreSignUp_SignUp", "ada", None, {}, {})
    assert Triggers(functions).fire(call) is None
    assert functions.timeouts == []
