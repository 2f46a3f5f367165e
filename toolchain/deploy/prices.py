"""List prices of AWS in US dollars, without tax, free tiers and discounts: what costs by the hour or month.

For eu-west-1, as of July 2026. Instances, storage, endpoints and ACU have the rates of that region's bills
(usage types EU-InstanceUsage, EU-RDS:GP3-Storage, EU-VpcEndpoint-Hours, EU-Aurora:ServerlessV2Usage); the
rest is from aws.amazon.com/vpc/pricing, /kms/pricing, /secrets-manager/pricing and /cloudwatch/pricing.
Change region, date and prices together.
"""

from decimal import Decimal

REGION = "eu-west-1"
AS_OF = "July 2026"
HOURS_PER_MONTH = 730

INSTANCE_PER_HOUR = {
    "db.t4g.micro": Decimal("0.017"),
    "db.t4g.small": Decimal("0.035"),
    "db.t4g.medium": Decimal("0.069"),
}
"""MariaDB and MySQL in one zone; a standby in another costs the same again."""

STORAGE_PER_GB = {"gp3": Decimal("0.127")}
"""In one zone, a month."""

ACU_PER_HOUR = Decimal("0.14")
ENDPOINT_PER_HOUR = Decimal("0.011")
"""An interface endpoint, in each of its zones."""
NAT_PER_HOUR = Decimal("0.048")
ADDRESS_PER_HOUR = Decimal("0.005")
"""A public IPv4 address, which each NAT gateway has."""

KEY_PER_MONTH = Decimal("1.00")
SECRET_PER_MONTH = Decimal("0.40")
ALARM_PER_MONTH = Decimal("0.10")
DASHBOARD_PER_MONTH = Decimal("3.00")
