"""The context object of a handler."""

import pytest

from toolchain.local.run.child.context import LambdaContext

ENVIRON = {
    "AWS_LAMBDA_FUNCTION_NAME": "health",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/health",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2025/01/02/[$LATEST]5d",
}


def _context(now: float = 100.0, deadline_ms: int = 104_000) -> LambdaContext:
    return LambdaContext(
        ENVIRON, request_id="id-1", function_arn="arn:f", deadline_ms=deadline_ms, clock=lambda: now
    )


def test_attributes_are_those_of_lambda() -> None:
    """Without a call signed by an identity pool, the identity is there and empty."""
    context = _context()
    assert repr(context) == (
        "LambdaContext([aws_request_id=id-1,function_name=health,function_version=$LATEST,"
        "invoked_function_arn=arn:f,memory_limit_in_mb=128,log_group_name=/aws/lambda/health,"
        "log_stream_name=2025/01/02/[$LATEST]5d,identity=CognitoIdentity([None,None]),"
        "client_context=None,tenant_id=None])"
    )
    assert context.memory_limit_in_mb == "128"


@pytest.mark.parametrize(("now", "remaining"), [(100.0, 4000), (103.9996, 1), (104.0, 0), (120.0, 0)])
def test_remaining_time_ends_at_zero(now: float, remaining: int) -> None:
    assert _context(now).get_remaining_time_in_millis() == remaining


def test_time_stands_still_under_a_debugger() -> None:
    """Or code that watches its deadline would take another way there."""
    invocation = {"request_id": "id-1", "function_arn": "arn:f", "timeout_seconds": 4}
    debugged = LambdaContext.of({**invocation, "debug": True}, ENVIRON)
    remaining = [debugged.get_remaining_time_in_millis() for _ in range(3)]
    assert remaining == [4000, 4000, 4000]


def test_middleware_may_add_attributes() -> None:
    context = _context()
    context.correlation_id = "c-1"  # type: ignore[attr-defined]
    assert context.correlation_id == "c-1"  # type: ignore[attr-defined]


def test_log_writes_to_stdout_as_is(capsys: pytest.CaptureFixture[str]) -> None:
    _context().log("no line end")
    assert capsys.readouterr().out == "no line end"
