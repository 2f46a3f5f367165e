"""ACM: certificates are issued when somebody looks, and not a minute later.

https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""

from moto import settings


def correct() -> None:
    """moto has a certificate wait for a minute, whatever is in DNS; Terraform's validation waits for that."""
    settings.ACM_VALIDATION_WAIT = 0
