"""Whether the account has the instances that functions reserve, before anything is made.

Lambda would refuse them function by function, when a first deploy has waited for its database.
"""

from collections.abc import Iterator

from toolchain.deploy.cloud import Access
from toolchain.deploy.plans import Plan
from toolchain.deploy.releases.aws_errors import calling
from toolchain.deploy.stages import Stage

ALWAYS_UNRESERVED = 100
"""What AWS keeps for functions that reserve none.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""


def find_shortages(plan: Plan, access: Access, stage: Stage) -> Iterator[str]:
    """What to do about a plan that reserves more than the account has; AWS is asked only if it reserves more.

    Raises AwsError when AWS does not tell.
    """
    more = plan.reserved_concurrency
    if more <= 0:
        return
    with calling("lambda:GetAccountSettings", f"in account {stage.account_id}"):
        limits = access.client("lambda").get_account_settings()["AccountLimit"]
    unreserved, limit = limits["UnreservedConcurrentExecutions"], limits["ConcurrentExecutions"]
    if unreserved - more >= ALWAYS_UNRESERVED:
        return
    yield (
        f"functions would reserve {more} more instances, but of the {limit} that account {stage.account_id}"
        f" may have in {stage.region} {unreserved} are not reserved, and AWS keeps {ALWAYS_UNRESERVED} of"
        f" these; ask AWS for {limit + more + ALWAYS_UNRESERVED - unreserved} (Service Quotas, AWS Lambda,"
        " Concurrent executions), or reserve less: functions.database_concurrency in"
        f" terraform/stages/{stage.name}.tfvars, or reserved_concurrency in function.yaml"
    )
