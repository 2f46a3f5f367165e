"""RDS, as the AWS provider of Terraform needs it."""

from typing import Any

import pytest

from tests.integration.aws.in_process import Aws

INSTANCE = {
    "DBInstanceIdentifier": "one",
    "DBInstanceClass": "db.t4g.micro",
    "Engine": "mariadb",
    "AllocatedStorage": 20,
    "MasterUsername": "root",
    "MasterUserPassword": "correct-horse",
}


def instance(aws: Aws) -> dict[str, Any]:
    found: dict[str, Any] = aws.client("rds").describe_db_instances(DBInstanceIdentifier="one")
    only: dict[str, Any] = found["DBInstances"][0]
    return only


def test_instance_without_version_or_authority_has_defaults(aws: Aws) -> None:
    """With another authority than AWS's default, the provider changes it, and restarts the instance."""
    aws.client("rds").create_db_instance(**INSTANCE)
    found = instance(aws)
    assert found["EngineVersion"].startswith("10.11.")
    assert found["CACertificateIdentifier"] == "rds-ca-rsa2048-g1"
    assert found["PerformanceInsightsEnabled"] is False


def test_performance_insights_are_kept(aws: Aws) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    aws.client("rds").create_db_instance(
        **INSTANCE,
        EnablePerformanceInsights=True,
        PerformanceInsightsKMSKeyId=key,
        PerformanceInsightsRetentionPeriod=7,
    )
    found = instance(aws)
    assert (found["PerformanceInsightsEnabled"], found["PerformanceInsightsRetentionPeriod"]) == (True, 7)
    assert found["PerformanceInsightsKMSKeyId"] == key
    aws.client("rds").modify_db_instance(DBInstanceIdentifier="one", EnablePerformanceInsights=False)
    assert instance(aws)["PerformanceInsightsEnabled"] is False


def test_subnet_group_is_changed_and_not_removed(aws: Aws) -> None:
    subnets = [each["SubnetId"] for each in aws.client("ec2").describe_subnets()["Subnets"]]
    client, group = aws.client("rds"), {"DBSubnetGroupName": "private"}
    client.create_db_subnet_group(**group, DBSubnetGroupDescription="one", SubnetIds=subnets[:2])
    client.modify_db_subnet_group(**group, DBSubnetGroupDescription="two", SubnetIds=subnets)
    found = client.describe_db_subnet_groups(**group)["DBSubnetGroups"][0]
    assert found["DBSubnetGroupDescription"] == "two"
    assert {each["SubnetIdentifier"] for each in found["Subnets"]} == set(subnets)


def test_proxy_is_changed(aws: Aws) -> None:
    """What is not named stays."""
    subnets = [each["SubnetId"] for each in aws.client("ec2").describe_subnets()["Subnets"]]
    client, name = aws.client("rds"), {"DBProxyName": "proxy"}
    auth = {"AuthScheme": "SECRETS", "SecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:s"}
    client.create_db_proxy(
        **name, EngineFamily="MYSQL", Auth=[auth], RoleArn=aws.role(), VpcSubnetIds=subnets, RequireTLS=True
    )
    client.modify_db_proxy(
        **name, IdleClientTimeout=900, DebugLogging=True, Auth=[{**auth, "IAMAuth": "REQUIRED"}]
    )
    found = client.describe_db_proxies(**name)["DBProxies"][0]
    assert (found["IdleClientTimeout"], found["DebugLogging"], found["RequireTLS"]) == (900, True, True)
    assert found["Auth"][0]["IAMAuth"] == "REQUIRED"
    with pytest.raises(client.exceptions.DBProxyNotFoundFault):
        client.modify_db_proxy(DBProxyName="other", DebugLogging=True)


def test_proxys_initialization_query_is_kept(aws: Aws) -> None:
    """Else Terraform would plan to set it, for ever."""
    subnets = [each["SubnetId"] for each in aws.client("ec2").describe_subnets()["Subnets"]]
    client, name = aws.client("rds"), {"DBProxyName": "proxy"}
    client.create_db_proxy(**name, EngineFamily="MYSQL", Auth=[], RoleArn=aws.role(), VpcSubnetIds=subnets)
    for change in ({"InitQuery": "SET lock_wait_timeout = 9"}, {"MaxConnectionsPercent": 90}):
        client.modify_db_proxy_target_group(
            **name, TargetGroupName="default", ConnectionPoolConfig={**change, "ConnectionBorrowTimeout": 2}
        )
    found = client.describe_db_proxy_target_groups(**name)["TargetGroups"][0]["ConnectionPoolConfig"]
    assert (found["InitQuery"], found["MaxConnectionsPercent"]) == ("SET lock_wait_timeout = 9", 90)
