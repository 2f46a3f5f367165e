variable "ci" {
  description = "Roles for GitHub's workflows (null: none). oidc_provider_arn: the account's provider for GitHub's tokens, if it has one already; environment: null is the stage's name; plans run in the environment with -plan behind; function_actions: what functions may be given besides the usual."
  type = object({
    repository        = string
    environment       = optional(string)
    oidc_provider_arn = optional(string)
    function_actions  = optional(set(string), [])
  })
  default = null

  validation {
    condition     = var.ci == null ? true : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.ci.repository))
    error_message = "ci.repository is ${try(var.ci.repository, "null")}; use owner/name, without wildcards."
  }
  validation {
    condition     = var.ci == null ? true : can(regex("^[A-Za-z0-9._-]+$", coalesce(var.ci.environment, "prod")))
    error_message = "ci.environment is ${try(coalesce(var.ci.environment), "null")}; use an environment's name, without wildcards."
  }
  validation {
    # Who may change roles and policies has no boundary.
    condition     = alltrue([for action in try(var.ci.function_actions, []) : can(regex("^[a-z0-9-]+:[A-Za-z*?]+$", action)) && !can(regex("^(iam|organizations):", action))])
    error_message = "ci.function_actions is [${join(", ", try(var.ci.function_actions, []))}]; use actions such as bedrock:InvokeModel, none of iam and organizations."
  }
  validation {
    condition     = try(var.ci.oidc_provider_arn, null) == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.ci.oidc_provider_arn))
    error_message = "ci.oidc_provider_arn is not the ARN of an account's provider for token.actions.githubusercontent.com."
  }
}

module "ci" {
  source = "./modules/ci"
  count  = var.ci == null ? 0 : 1

  name             = local.name
  project          = local.project
  place            = local.place
  settings         = var.ci == null ? null : merge(var.ci, { environment = coalesce(var.ci.environment, var.stage) })
  stage            = var.stage
  other_stages     = setsubtract([for file in fileset("stages", "*.tfvars") : trimsuffix(file, ".tfvars")], [var.stage])
  function_actions = local.function_actions
  artifact_bucket  = module.storage.artifact_bucket
  key_arn          = module.encryption.key_arn
  vpc_id           = module.network.vpc_id
  api_id           = module.api.api_id
  user_pool_id     = module.auth.user_pool_id
  domain_name      = try(var.api.domain.name, null)
  zone_id          = try(var.api.domain.zone_id, null)
}

# All roles of the stage are made inside it, or CI could neither make nor change them.
locals {
  # By its index: module.ci[*] would be all of the module, which depends on what these roles are for.
  permissions_boundary_arn = var.ci == null ? null : module.ci[0].permissions_boundary_arn

  # What roles of functions can be given where there is a boundary: it and the rule about manifests have this list.
  function_actions = setunion(toset([
    "cloudwatch:PutMetricData",
    "cognito-idp:*",
    "dynamodb:*",
    "ec2:*NetworkInterface*", "ec2:*PrivateIpAddresses", "ec2:DescribeSubnets", # Lambda's, in the VPC
    "events:PutEvents",
    "firehose:PutRecord*",
    "kinesis:Describe*", "kinesis:Get*", "kinesis:ListShards", "kinesis:PutRecord*",
    "kms:Decrypt", "kms:GenerateDataKey",
    "lambda:InvokeFunction",
    "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents",
    "rds-db:connect",
    "s3:*Object*", "s3:ListBucket",
    "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
    "ses:Send*",
    "sns:Publish",
    "sqs:*Message*", "sqs:GetQueue*",
    "ssm:GetParameter*",
    "states:StartExecution", "states:StartSyncExecution",
    "xray:Put*",
  ]), try(var.ci.function_actions, []))
}
