"""What the AWS provider of Terraform needs of services that it has little to ask of."""

from tests.integration.aws.in_process import PLACE, Aws

BUDGET = {
    "BudgetName": "monthly",
    "BudgetType": "COST",
    "BudgetLimit": {"Amount": "50", "Unit": "USD"},
    "TimeUnit": "MONTHLY",
}
NOTIFICATION = {"NotificationType": "FORECASTED", "ComparisonOperator": "GREATER_THAN", "Threshold": 80}


def test_budget_tells_who_is_notified(aws: Aws) -> None:
    client, account = aws.client("budgets"), {"AccountId": PLACE.account_id}
    subscribers = [{"SubscriptionType": "EMAIL", "Address": "ops@example.com"}]
    notified = [{"Notification": NOTIFICATION, "Subscribers": subscribers}]
    client.create_budget(**account, Budget=BUDGET, NotificationsWithSubscribers=notified)
    found = client.describe_subscribers_for_notification(
        **account, BudgetName="monthly", Notification=NOTIFICATION
    )
    assert found["Subscribers"] == subscribers


def test_budget_is_changed_and_tagged(aws: Aws) -> None:
    client, account = aws.client("budgets"), {"AccountId": PLACE.account_id}
    arn = f"arn:aws:budgets::{PLACE.account_id}:budget/monthly"
    client.create_budget(**account, Budget=BUDGET, ResourceTags=[{"Key": "stage", "Value": "dev"}])
    limit = {"Amount": "60.0", "Unit": "USD"}
    client.update_budget(**account, NewBudget={**BUDGET, "BudgetLimit": limit})
    client.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "team", "Value": "a"}])
    assert client.describe_budget(**account, BudgetName="monthly")["Budget"]["BudgetLimit"] == limit
    tags = {
        tag["Key"]: tag["Value"] for tag in client.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]
    }
    assert tags == {"stage": "dev", "team": "a"}
    client.untag_resource(ResourceARN=arn, ResourceTagKeys=["stage"])
    assert client.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == [{"Key": "team", "Value": "a"}]


def test_log_group_has_its_class(aws: Aws) -> None:
    client = aws.client("logs")
    client.create_log_group(logGroupName="rare", logGroupClass="INFREQUENT_ACCESS")
    client.create_log_group(logGroupName="usual")
    classes = {
        each["logGroupName"]: each["logGroupClass"] for each in client.describe_log_groups()["logGroups"]
    }
    assert classes == {"rare": "INFREQUENT_ACCESS", "usual": "STANDARD"}


def test_user_pool_has_a_tier_and_standard_attributes(aws: Aws) -> None:
    """Also one with attributes of its own, whose users have e-mail addresses all the same."""
    client = aws.client("cognito-idp")
    tenant = {"Name": "tenant", "AttributeDataType": "String"}
    email = {"Name": "email", "AttributeDataType": "String", "Required": True}
    pool = client.create_user_pool(PoolName="users", Schema=[tenant, email])["UserPool"]
    found = client.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
    assert found["UserPoolTier"] == "ESSENTIALS"
    attributes = {attribute["Name"]: attribute for attribute in found["SchemaAttributes"]}
    assert {"sub", "email", "name", "custom:tenant"} <= attributes.keys()
    assert attributes["email"]["Required"]
    assert not attributes["name"]["Required"]


def test_key_keeps_its_rotation_period(aws: Aws) -> None:
    client = aws.client("kms")
    key = client.create_key()["KeyMetadata"]["KeyId"]
    assert "RotationPeriodInDays" not in client.get_key_rotation_status(KeyId=key)
    client.enable_key_rotation(KeyId=key)
    assert client.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 365
    client.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    assert client.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 180


def test_rule_keeps_its_description(aws: Aws) -> None:
    """Whatever its source: addresses, a group, a prefix list."""
    client = aws.client("ec2")
    group = client.describe_security_groups()["SecurityGroups"][0]["GroupId"]
    lists = client.describe_managed_prefix_lists()["PrefixLists"][0]["PrefixListId"]
    for source in (
        {"IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": "it"}]},
        {"UserIdGroupPairs": [{"GroupId": group, "Description": "it"}]},
        {"PrefixListIds": [{"PrefixListId": lists, "Description": "it"}]},
    ):
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **source}
        made = client.authorize_security_group_egress(GroupId=group, IpPermissions=[rule])
        rules = [each["SecurityGroupRuleId"] for each in made["SecurityGroupRules"]]
        found = client.describe_security_group_rules(SecurityGroupRuleIds=rules)["SecurityGroupRules"]
        assert [each.get("Description") for each in found] == ["it"]


def test_user_pool_keeps_its_tags(aws: Aws) -> None:
    """When it is updated without any; they are changed by operations of their own."""
    client = aws.client("cognito-idp")
    pool = client.create_user_pool(PoolName="users", UserPoolTags={"stage": "dev"})["UserPool"]
    client.update_user_pool(UserPoolId=pool["Id"], AutoVerifiedAttributes=["email"])
    client.tag_resource(ResourceArn=pool["Arn"], Tags={"team": "a"})
    found = client.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
    assert found["UserPoolTags"] == {"stage": "dev", "team": "a"}
    client.untag_resource(ResourceArn=pool["Arn"], TagKeys=["stage"])
    assert client.list_tags_for_resource(ResourceArn=pool["Arn"])["Tags"] == {"team": "a"}


def test_certificate_is_issued_when_it_is_looked_at(aws: Aws) -> None:
    client = aws.client("acm")
    arn = client.request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
    found = client.describe_certificate(CertificateArn=arn)["Certificate"]
    assert found["Status"] == "ISSUED"
    assert found["DomainValidationOptions"][0]["ResourceRecord"]["Type"] == "CNAME"
