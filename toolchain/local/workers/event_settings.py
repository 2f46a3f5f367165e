"""What becomes of asynchronous calls: how often they are tried, and who hears how they ended.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventSettings:
    """Of a function, one of its versions, or an alias; each has its own. Destinations are ARNs.

    None for the age is Lambda's own limit of six hours.
    """

    retries: int = 2
    maximum_age_seconds: float | None = None
    on_success: str | None = None
    on_failure: str | None = None


DEFAULT = EventSettings()
