"""The context object of a handler."""

import pytest

from toolchain.local.run.child.context import make_context

INVOCATION = {"request_id": "id-1", "function_arn": "arn:f", "timeout_seconds": 4, "debug": False}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "AWS_LAMBDA_FUNCTION_NAME": "health",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/health",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2025/01/02/[$LATEST]5d",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_attributes_are_those_of_lambda() -> None:
    """Without a call signed by an identity pool, the identity is there and empty."""
    assert repr(make_context(INVOCATION, now=0)) == (
        "LambdaContext([aws_request_id=id-1,log_group_name=/aws/lambda/health,"
        "log_stream_name=2025/01/02/[$LATEST]5d,function_name=health,memory_limit_in_mb=128,"
        "function_version=$LATEST,invoked_function_arn=arn:f,client_context=None,"
        "identity=CognitoIdentity([cognito_identity_id=None,cognito_identity_pool_id=None]),tenant_id=None])"
    )


@pytest.mark.parametrize(("now", "remaining"), [(100.0, 4000), (98.5, 2500), (96.0, 0), (0.0, 0)])
def test_remaining_time_ends_at_zero(monkeypatch: pytest.MonkeyPatch, now: float, remaining: int) -> None:
    monkeypatch.setattr("time.time", lambda: 100.0)
    assert make_context(INVOCATION, now).get_remaining_time_in_millis() == remaining


def test_deadline_is_far_away_under_a_debugger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or code that watches its deadline would take another way there."""
    monkeypatch.setattr("time.time", lambda: 100.0)
    context = make_context(INVOCATION | {"debug": True}, now=100.0)
    assert context.get_remaining_time_in_millis() == 86_400_000
