# Reads the stage, and writes nothing but the lock of its state.
resource "aws_iam_role" "plan" {
  name                 = "${var.name}-ci-plan"
  description          = "GitHub plans changes of ${var.name}"
  assume_role_policy   = local.trust.plan
  max_session_duration = 3600

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "plan" {
  name   = "plan"
  role   = aws_iam_role.plan.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.state_statements, local.read_statements) })
}

locals {
  state_bucket = "arn:${var.place.partition}:s3:::${var.project}-tfstate-${var.place.account_id}"
  state        = "${local.state_bucket}/stages/${var.stage}/terraform.tfstate"
  artifacts    = "arn:${var.place.partition}:s3:::${var.artifact_bucket}"

  state_statements = [
    {
      Sid       = "ListState"
      Effect    = "Allow"
      Action    = "s3:ListBucket"
      Resource  = local.state_bucket
      Condition = { StringLike = { "s3:prefix" = ["stages/", "stages/${var.stage}/*", "terraform.tfstate"] } } # a prefix: the stage's own objects
    },
    {
      Sid      = "ReadState"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = local.state
    },
    {
      Sid      = "LockState"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.state}.tflock"
    },
  ]

  # What the provider reads of the resources here: settings, never contents (no objects, items, messages, logs, secrets).
  read_statements = [
    {
      Sid    = "ReadSettings"
      Effect = "Allow"
      Action = [
        "apigateway:GET",
        "application-autoscaling:Describe*",
        "budgets:ListTagsForResource",
        "budgets:ViewBudget",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetDashboard",
        "cloudwatch:ListTagsForResource",
        "cognito-idp:Describe*",
        "cognito-idp:GetGroup",
        "cognito-idp:GetUserPoolMfaConfig",
        "cognito-idp:ListTagsForResource",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:ListTagsOfResource",
        "ec2:Describe*",
        "events:Describe*",
        "events:List*",
        "iam:GetOpenIDConnectProvider",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListPolicyVersions",
        "iam:ListRolePolicies",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListAliases",
        "kms:ListResourceTags",
        "lambda:GetAccountSettings",
        "lambda:GetAlias",
        "lambda:GetEventSourceMapping",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConcurrency",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetLayerVersion",
        "lambda:GetPolicy",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
        "logs:DescribeLogGroups",
        "logs:ListTagsForResource",
        "rds:Describe*",
        "rds:ListTagsForResource",
        "route53:GetHostedZone",
        "route53:ListResourceRecordSets",
        "scheduler:GetSchedule",
        "scheduler:ListTagsForResource",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "sns:GetSubscriptionAttributes",
        "sns:GetTopicAttributes",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTagsForResource",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ListQueueTags",
      ]
      Resource = "*" # a plan looks for what is not there yet, and most Describe actions have no narrower resource
    },
    {
      Sid    = "ReadBuckets"
      Effect = "Allow"
      Action = [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
      ]
      Resource = "arn:${var.place.partition}:s3:::${var.name}-*" # all of the stage's buckets
    },
    {
      Sid      = "CompareReleases"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "${local.artifacts}/releases/*" # one object for each release
    },
    {
      # Releases, variables of functions, inputs of schedules. Without it Lambda tells no variables (it answers with
      # an error beside the rest, which the provider passes over), so that every function would be planned to change:
      # https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentResponse.html
      # https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
      Sid       = "DecryptSettings"
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = var.key_arn
      Condition = { StringEquals = { "kms:ViaService" = [for service in ["lambda", "s3", "scheduler"] : "${service}.${var.place.region}.amazonaws.com"] } }
    },
  ]
}
