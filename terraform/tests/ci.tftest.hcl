# GitHub's roles: who takes them, and how far they go.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/shop-prod-ci" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/shop-prod" }
  }
}

variables {
  name             = "shop-prod"
  project          = "shop"
  stage            = "prod"
  other_stages     = ["dev", "local"]
  function_actions = ["dynamodb:*", "s3:*Object*"]
  place            = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  key_arn          = "arn:aws:kms:eu-west-1:123456789012:key/1"
  vpc_id           = "vpc-1"
  api_id           = "a1b2c3"
  user_pool_id     = "eu-west-1_abc"
  artifact_bucket  = "shop-prod-artifacts-123456789012"
  settings         = { repository = "example/shop", environment = "prod" }
}

run "roles" {
  command = plan

  module {
    source = "./modules/ci"
  }

  assert {
    condition = jsondecode(aws_iam_role.plan.assume_role_policy).Statement[0].Condition == { StringEquals = {
      "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
      "token.actions.githubusercontent.com:sub" = "repo:example/shop:environment:prod-plan"
    } }
    error_message = "Only this repository's environment for plans may plan."
  }
  assert {
    condition = jsondecode(aws_iam_role.apply.assume_role_policy).Statement[0].Condition == { StringEquals = {
      "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
      "token.actions.githubusercontent.com:sub" = "repo:example/shop:environment:prod"
    } }
    error_message = "Only the environment deploys."
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : alltrue([
      for action in flatten([statement.Action]) : can(regex(":(Describe|Get|GET|List|View|Decrypt)", action)) || endswith(flatten([statement.Resource])[0], ".tflock")
    ])])
    error_message = "Planning writes nothing but the lock."
  }
  assert {
    condition = !anytrue([for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : anytrue([
      for action in flatten([statement.Action]) : contains(["secretsmanager:GetSecretValue", "dynamodb:GetItem", "logs:GetLogEvents", "sqs:ReceiveMessage"], action)
    ])])
    error_message = "Planning reads settings, not contents."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.apply_roles.policy).Statement : statement.Condition if contains(flatten([statement.Action]), "iam:CreateRole")] == [{ StringEquals = { "iam:PermissionsBoundary" = "arn:aws:iam::123456789012:policy/shop-prod-boundary" } }]
    error_message = "Roles are made inside the boundary only."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.apply_roles.policy).Statement : contains(statement.Resource, "arn:aws:iam::123456789012:policy/shop-prod-boundary") && contains(statement.Resource, aws_iam_role.apply.arn) if statement.Effect == "Deny"] == [true]
    error_message = "A deployment can't change its own roles, nor the boundary."
  }
  assert {
    condition     = one([for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Action if statement.Sid == "WhatFunctionsMayUse"]) == ["dynamodb:*", "s3:*Object*"]
    error_message = "Functions can be given what is said, and nothing more."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Resource if contains(flatten([statement.Action]), "logs:CreateLogGroup")] == ["arn:aws:logs:eu-west-1:123456789012:log-group:RDS*"]
    error_message = "Enhanced monitoring makes its log group inside the boundary."
  }
  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.plan.policy).Statement : statement.Condition if contains(flatten([statement.Action]), "kms:Decrypt")]) == { StringEquals = { "kms:ViaService" = ["lambda.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "scheduler.eu-west-1.amazonaws.com"] } }
    error_message = "A plan sees functions' variables and schedules' inputs, or all of them would be planned to change."
  }
  assert {
    condition     = anytrue([for statement in jsondecode(aws_iam_role_policy.apply_roles.policy).Statement : statement.Effect == "Allow" && contains(flatten([statement.Action]), "iam:ListInstanceProfilesForRole")])
    error_message = "The provider deletes a role after it has listed its instance profiles."
  }
  assert {
    condition     = aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "GitHub's tokens are for AWS."
  }
}

# Stages of one account: what one may do to another.
run "other_stages" {
  command = plan

  module {
    source = "./modules/ci"
  }

  variables {
    domain_name = "api.example.com"
  }

  assert {
    condition = alltrue([for policy in [aws_iam_policy.boundary, aws_iam_policy.apply["others"]] : [
      for statement in jsondecode(policy.policy).Statement : [statement.Action, statement.Resource, statement.Condition] if statement.Sid == "NotOtherStages" && statement.Effect == "Deny"
      ] == [["*", "*", {
        StringEquals    = { "aws:ResourceTag/project" = "shop" }
        StringNotEquals = { "aws:ResourceTag/stage" = "prod" }
        Null            = { "aws:ResourceTag/stage" = "false" }
    }]]])
    error_message = "Neither a deployment nor a role that it makes touches what another stage has tagged."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Resource if statement.Sid == "NotBucketsOfOtherStages" && statement.Effect == "Deny"] == [["arn:aws:s3:::shop-dev-*", "arn:aws:s3:::shop-local-*"]]
    error_message = "S3's objects have no tags in IAM, but their buckets have names."
  }
  assert {
    condition = alltrue(flatten([for policy in aws_iam_policy.apply : [
      for statement in jsondecode(policy.policy).Statement : [
        for resource in flatten([statement.Resource]) : strcontains(resource, "/shop-prod") || strcontains(resource, ":shop-prod") || strcontains(resource, "a1b2c3") || strcontains(resource, "eu-west-1_abc") || strcontains(resource, "vpc-1") || strcontains(resource, "/domainnames") || strcontains(resource, "api.example.com") || resource == var.key_arn || can(statement.Condition.StringEquals["aws:ResourceTag/stage"] == "prod") || can(statement.Condition.StringEquals["aws:RequestTag/stage"] == "prod") || can(statement.Condition.ArnEquals["ec2:Vpc"]) || can(statement.Condition.ArnLike["lambda:FunctionArn"]) || contains(["DefaultGroupsOfDatabases", "ListsOfGateways", "NamesOfEndpoints", "NotOtherStages", "OwnersSecret", "ServiceLinkedRoles", "WithoutStages"], statement.Sid)
      ]
    ]]))
    error_message = "What a deployment changes is told by name, id or tag, but for what AWS can't tell apart."
  }
  assert {
    condition     = !anytrue([for resource in flatten([for policy in aws_iam_policy.apply : [for statement in jsondecode(policy.policy).Statement : statement.Resource]]) : can(regex("shop-prod\\*", resource))])
    error_message = "shop-prod* would be shop-production's, too."
  }
}

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
run "policies_that_fit_under_the_longest_names" {
  command = plan

  module {
    source = "./modules/ci"
  }

  variables {
    name            = "a-project-of-thirty-characters-production12"
    project         = "a-project-of-thirty-characters"
    stage           = "production12"
    artifact_bucket = "a-project-of-thirty-characters-production12-artifacts-123456789012"
    zone_id         = "Z0123456789ABCDEFGHIJ"
    domain_name     = "api-of-a-product-with-a-long-name.production.example.com"
    other_stages    = ["dev", "local", "acceptance12", "integration12", "development12"]
    # as many characters as the stages' own list and a few more actions
    function_actions = [for number in range(45) : "service:AnActionOfIt${number}*"]
  }

  assert {
    condition     = length(join("", [aws_iam_role_policy.apply_state.policy, aws_iam_role_policy.apply_roles.policy])) <= 10240 && length(aws_iam_role_policy.plan.policy) <= 10240
    error_message = "A role has 10,240 characters of inline policies, and these have ${length(join("", [aws_iam_role_policy.apply_state.policy, aws_iam_role_policy.apply_roles.policy]))} and ${length(aws_iam_role_policy.plan.policy)}."
  }
  assert {
    condition     = max([for policy in concat([aws_iam_policy.boundary], values(aws_iam_policy.apply)) : length(policy.policy)]...) <= 6144
    error_message = "A managed policy has 6,144 characters, and these have ${join(", ", [for policy in concat([aws_iam_policy.boundary], values(aws_iam_policy.apply)) : length(policy.policy)])}."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.apply["named"].policy).Statement : statement.Resource[0] if statement.Sid == "OwnRecords"] == ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]
    error_message = "A deployment changes the records of its own zone."
  }
}

run "provider_that_is_there" {
  command = plan

  module {
    source = "./modules/ci"
  }

  variables {
    settings = { repository = "example/shop", environment = "prod", oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && jsondecode(aws_iam_role.plan.assume_role_policy).Statement[0].Principal.Federated == var.settings.oidc_provider_arn
    error_message = "An account has one provider for GitHub."
  }
}
