"""The second argument of a handler, with the attributes of awslambdaric's LambdaContext.

https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, Self


class CognitoIdentity:
    """Set only for calls that an AWS SDK for mobiles signs with an identity pool's credentials."""

    cognito_identity_id: str | None = None
    cognito_identity_pool_id: str | None = None

    def __repr__(self) -> str:
        return f"CognitoIdentity([{self.cognito_identity_id},{self.cognito_identity_pool_id}])"


class LambdaContext:
    """Not frozen, as Lambda's is not: middleware hangs attributes of its own on it."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        request_id: str,
        function_arn: str,
        deadline_ms: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.aws_request_id = request_id
        self.function_name = environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = function_arn
        self.memory_limit_in_mb = environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]  # a string, as on Lambda
        self.log_group_name = environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = CognitoIdentity()
        self.client_context = None
        self.tenant_id = None
        self._deadline_ms = deadline_ms
        self._clock = clock

    @classmethod
    def of(cls, invocation: Mapping[str, Any], environ: Mapping[str, str]) -> Self:
        """The context of an invocation that starts now; under a debugger its time stands still."""
        now = time.time()
        return cls(
            environ,
            request_id=invocation["request_id"],
            function_arn=invocation["function_arn"],
            deadline_ms=int((now + invocation["timeout_seconds"]) * 1000),
            clock=(lambda: now) if invocation["debug"] else time.time,
        )

    def get_remaining_time_in_millis(self) -> int:
        return max(0, self._deadline_ms - int(self._clock() * 1000))

    def log(self, message: object) -> None:
        sys.stdout.write(str(message))

    def __repr__(self) -> str:
        public = ",".join(f"{name}={value}" for name, value in vars(self).items() if name[0] != "_")
        return f"LambdaContext([{public}])"
