"""The second argument of a handler: awslambdaric's own class.

https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awslambdaric.lambda_context import LambdaContext

_DEBUG_SECONDS = 86_400


def make_context(invocation: Mapping[str, Any], now: float) -> "LambdaContext":
    """The context of an invocation that starts `now`, in seconds since the epoch; the rest is in os.environ.

    Under a debugger its deadline is far away, or code that watches it would take another way there.
    """
    from awslambdaric.lambda_context import LambdaContext

    seconds = _DEBUG_SECONDS if invocation["debug"] else invocation["timeout_seconds"]
    return LambdaContext(
        invocation["request_id"],
        client_context=None,
        cognito_identity=None,
        epoch_deadline_time_in_ms=int((now + seconds) * 1000),
        invoked_function_arn=invocation["function_arn"],
    )
