"""What a client is told that must not learn which users exist.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
"""

from toolchain.local.cognito.attributes import is_email
from toolchain.local.cognito.delivery import delivery_details
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.request import Document


def pretended_delivery(pool: Pool, name: str) -> Document:
    """CodeDeliveryDetails as for a user who exists: the same at every request."""
    address = name if is_email(name) else f"{name[:1]}@{pool.short_name[:1]}"
    return {"CodeDeliveryDetails": delivery_details("email", address)}
