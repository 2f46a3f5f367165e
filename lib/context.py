"""The context object that Lambda passes beside the event.

https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

from typing import Protocol


class LambdaContext(Protocol):
    """The part of it that this project uses."""

    @property
    def aws_request_id(self) -> str: ...

    @property
    def function_name(self) -> str: ...

    @property
    def invoked_function_arn(self) -> str: ...

    @property
    def memory_limit_in_mb(self) -> int | str:
        """A string on Lambda, whatever its documentation says."""

    def get_remaining_time_in_millis(self) -> int: ...
