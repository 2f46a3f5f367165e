"""Budgets.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html
"""

import json
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget, Notification
from moto.budgets.responses import BudgetsResponse


def correct() -> None:
    """What updates a budget, and what tells who is notified, is missing: the AWS provider can't read one."""
    for operation in (
        describe_subscribers_for_notification,
        list_tags_for_resource,
        tag_resource,
        untag_resource,
        update_budget,
    ):
        setattr(BudgetsResponse, operation.__name__, operation)
    _keep_tags()


def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    notification = _notification(self)
    return json.dumps({"Subscribers": notification.subscribers})


def update_budget(self: BudgetsResponse) -> str:
    """All but the budget's name and its notifications is replaced."""
    new = self._get_param("NewBudget")
    budget = _budget(self, new["BudgetName"])
    budget.budget = Budget({"TimePeriod": budget.budget["TimePeriod"], **new}, []).budget
    return json.dumps({})


def list_tags_for_resource(self: BudgetsResponse) -> str:
    return json.dumps({"ResourceTags": list(_tags(_of_arn(self)).values())})


def tag_resource(self: BudgetsResponse) -> str:
    _tags(_of_arn(self)).update({tag["Key"]: tag for tag in self._get_param("ResourceTags")})
    return json.dumps({})


def untag_resource(self: BudgetsResponse) -> str:
    for name in self._get_param("ResourceTagKeys"):
        _tags(_of_arn(self)).pop(name, None)
    return json.dumps({})


def _keep_tags() -> None:
    """CreateBudget's ResourceTags are dropped."""
    original = BudgetsResponse.create_budget

    def create_budget(self: BudgetsResponse) -> str:
        answer = original(self)
        budget = _budget(self, self._get_param("Budget")["BudgetName"])
        _tags(budget).update({tag["Key"]: tag for tag in self._get_param("ResourceTags") or ()})
        return answer

    BudgetsResponse.create_budget = create_budget  # type: ignore[method-assign]


def _budget(response: BudgetsResponse, name: str) -> Budget:
    account_id = response._get_param("AccountId")  # noqa: SLF001  moto's own responses use it
    response.backend.describe_budget(account_id, name)
    return response.backend.budgets[account_id][name]


def _of_arn(response: BudgetsResponse) -> Budget:
    """Of `arn:aws:budgets::123456789012:budget/monthly`."""
    arn: str = response._get_param("ResourceARN")  # noqa: SLF001  as above
    account_id, name = arn.split(":")[4], arn.partition("/")[2]
    response.backend.describe_budget(account_id, name)
    return response.backend.budgets[account_id][name]


def _notification(response: BudgetsResponse) -> Notification:
    budget = _budget(response, response._get_param("BudgetName"))  # noqa: SLF001  as above
    wanted = response._get_param("Notification")  # noqa: SLF001  as above
    for notification in budget.notifications:
        if wanted.items() <= _described(notification).items():
            return notification
    raise NotFoundException("Unable to find the notification.")


def _described(notification: Notification) -> dict[str, Any]:
    return {"ThresholdType": "PERCENTAGE", "NotificationState": "OK", **notification.details}


def _tags(budget: Budget) -> dict[str, Any]:
    tags: dict[str, Any] = vars(budget).setdefault("tags", {})
    return tags
