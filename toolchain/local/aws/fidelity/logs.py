"""CloudWatch Logs."""

from typing import Any

from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse


def correct() -> None:
    _keep_the_class_of_groups()


def _keep_the_class_of_groups() -> None:
    """LogGroupClass is dropped, and the AWS provider plans to replace the group, with all that it holds.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    """
    create, describe = LogsResponse.create_log_group, LogGroup.to_describe_dict

    def create_log_group(self: LogsResponse) -> str:
        answer = create(self)
        group = self.logs_backend.groups[self._get_param("logGroupName")]
        group.__dict__["log_group_class"] = self._get_param("logGroupClass") or "STANDARD"
        return answer

    def to_describe_dict(self: LogGroup) -> dict[str, Any]:
        return {**describe(self), "logGroupClass": vars(self).get("log_group_class", "STANDARD")}

    LogsResponse.create_log_group = create_log_group  # type: ignore[method-assign]
    LogGroup.to_describe_dict = to_describe_dict  # type: ignore[method-assign]
