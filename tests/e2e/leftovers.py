"""What there is in the account of a local cloud: to compare what was there before with what is after."""

from collections.abc import Callable
from typing import Any

_LISTS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "alarms": ("cloudwatch", "describe_alarms", "MetricAlarms", {}),
    "APIs": ("apigatewayv2", "get_apis", "Items", {}),
    "buckets": ("s3", "list_buckets", "Buckets", {}),
    "budgets": ("budgets", "describe_budgets", "Budgets", {"AccountId": "123456789012"}),
    "certificates": ("acm", "list_certificates", "CertificateSummaryList", {}),
    "clusters": ("rds", "describe_db_clusters", "DBClusters", {}),
    "dashboards": ("cloudwatch", "list_dashboards", "DashboardEntries", {}),
    "databases": ("rds", "describe_db_instances", "DBInstances", {}),
    "endpoints": ("ec2", "describe_vpc_endpoints", "VpcEndpoints", {}),
    "event buses": ("events", "list_event_buses", "EventBuses", {}),
    "flow logs": ("ec2", "describe_flow_logs", "FlowLogs", {}),
    "functions": ("lambda", "list_functions", "Functions", {}),
    "groups": ("ec2", "describe_security_groups", "SecurityGroups", {}),
    "keys": ("kms", "list_aliases", "Aliases", {}),
    "log groups": ("logs", "describe_log_groups", "logGroups", {}),
    "mappings": ("lambda", "list_event_source_mappings", "EventSourceMappings", {}),
    "OIDC providers": ("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", {}),
    "policies": ("iam", "list_policies", "Policies", {"Scope": "Local"}),
    "pools": ("cognito-idp", "list_user_pools", "UserPools", {"MaxResults": 60}),
    "proxies": ("rds", "describe_db_proxies", "DBProxies", {}),
    "queues": ("sqs", "list_queues", "QueueUrls", {}),
    "roles": ("iam", "list_roles", "Roles", {}),
    "rules": ("events", "list_rules", "Rules", {}),
    "schedules": ("scheduler", "list_schedules", "Schedules", {}),
    "secrets": ("secretsmanager", "list_secrets", "SecretList", {}),
    "subnet groups": ("rds", "describe_db_subnet_groups", "DBSubnetGroups", {}),
    "subnets": ("ec2", "describe_subnets", "Subnets", {}),
    "subscriptions": ("sns", "list_subscriptions", "Subscriptions", {}),
    "tables": ("dynamodb", "list_tables", "TableNames", {}),
    "topics": ("sns", "list_topics", "Topics", {}),
    "VPCs": ("ec2", "describe_vpcs", "Vpcs", {}),
}
_NAMES = (
    *("AlarmName", "ApiId", "BudgetName", "CertificateArn", "DBClusterIdentifier", "DBInstanceIdentifier"),
    *("DBProxyName", "DBSubnetGroupName", "DashboardName", "FlowLogId", "FunctionArn", "GroupId"),
    *("VpcEndpointId", "SubnetId", "VpcId", "AliasName", "logGroupName", "UUID", "TopicArn", "ARN", "Arn"),
    *("SubscriptionArn", "Name"),
)


def everything(client: Callable[[str], Any]) -> dict[str, set[str]]:
    """The names of what there is, by what it is; `client` makes a boto3 client of a service."""
    found = {}
    for kind, (service, operation, member, arguments) in _LISTS.items():
        items = getattr(client(service), operation)(**arguments).get(member, ())
        found[kind] = {_name(item) for item in items if not _is_gone(item)}
    return found


def _is_gone(item: Any) -> bool:  # noqa: ANN401  raw JSON
    """EC2 still tells of endpoints for a while after they were deleted."""
    return isinstance(item, dict) and item.get("State") == "deleted"


def _name(item: Any) -> str:  # noqa: ANN401  raw JSON
    if isinstance(item, str):
        return item.rpartition("/")[2]  # a queue's address has the port of the endpoint
    return next(str(item[name]) for name in _NAMES if name in item)
