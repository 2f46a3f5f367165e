# GitHub's roles: who takes them, and how far they go.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/shop-prod-ci" }
  }
}

variables {
  name            = "shop-prod"
  project         = "shop"
  stage           = "prod"
  place           = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  key_arn         = "arn:aws:kms:eu-west-1:123456789012:key/1"
  artifact_bucket = "shop-prod-artifacts-123456789012"
  settings        = { repository = "example/shop", environment = "prod" }
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
    condition     = !anytrue([for action in jsondecode(aws_iam_policy.boundary.policy).Statement[0].Action : can(regex("^(\\*|iam:|organizations:|sts:)", action))])
    error_message = "No function can be given IAM."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Resource if contains(statement.Action, "logs:CreateLogGroup")] == ["arn:aws:logs:eu-west-1:123456789012:log-group:RDS*"]
    error_message = "Enhanced monitoring makes its log group inside the boundary."
  }
  assert {
    condition     = aws_iam_openid_connect_provider.github[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "GitHub's tokens are for AWS."
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
  }

  assert {
    condition     = length(join("", [aws_iam_role_policy.apply_state.policy, aws_iam_role_policy.apply_resources.policy, aws_iam_role_policy.apply_roles.policy])) <= 10240
    error_message = "A role has 10,240 characters of inline policies, and these have ${length(join("", [aws_iam_role_policy.apply_state.policy, aws_iam_role_policy.apply_resources.policy, aws_iam_role_policy.apply_roles.policy]))}."
  }
  assert {
    condition     = length(aws_iam_policy.boundary.policy) <= 6144
    error_message = "A managed policy has 6,144 characters."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.apply_resources.policy).Statement : statement.Resource[0] if statement.Sid == "OwnDomain"] == ["arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"]
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
