# The most that a role made by a deployment can be given, whatever a manifest declares.
resource "aws_iam_policy" "boundary" {
  name        = "${var.name}-boundary"
  description = "Bounds the roles of ${var.name}"
  policy      = local.boundary
}

locals {
  roles        = "${local.arn}:iam::${var.place.account_id}:role/${var.name}-*"
  boundary_arn = "${local.arn}:iam::${var.place.account_id}:policy/${var.name}-boundary"

  boundary = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WhatFunctionsMayUse"
        Effect = "Allow"
        Action = [
          "cloudwatch:PutMetricData",
          "cognito-idp:*",
          "dynamodb:*",
          "ec2:*NetworkInterface*", "ec2:*PrivateIpAddresses", "ec2:DescribeSubnets",
          "events:PutEvents",
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
          "states:StartExecution",
          "xray:Put*",
        ]
        Resource = "*" # a boundary gives nothing: each role's own policy names its resources
      },
      {
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSEnhancedMonitoringRole.html
        Sid      = "WhatMonitoringOfDatabasesUses"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:GetLogEvents", "logs:PutRetentionPolicy"]
        Resource = "${local.arn}:logs:${local.in_place}:log-group:RDS*" # RDSOSMetrics, one for all databases of the account
      },
    ]
  })

  # A role may be made and changed only inside the boundary, and the boundary and these two roles not at all.
  role_statements = [
    {
      Sid       = "BoundedRoles"
      Effect    = "Allow"
      Action    = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      Resource  = local.roles # * after the stage's name
      Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
    },
    {
      Sid      = "OwnRoles"
      Effect   = "Allow"
      Action   = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"]
      Resource = local.roles # * after the stage's name
    },
    {
      Sid       = "PassOwnRoles"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = local.roles # * after the stage's name
      Condition = { StringEquals = { "iam:PassedToService" = ["lambda.amazonaws.com", "monitoring.rds.amazonaws.com", "rds.amazonaws.com", "scheduler.amazonaws.com", "vpc-flow-logs.amazonaws.com"] } }
    },
    {
      Sid    = "NotThisWorkflow"
      Effect = "Deny"
      Action = [ # all that changes: reading is for plans
        "iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:Put*", "iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*",
      ]
      Resource = [aws_iam_role.plan.arn, aws_iam_role.apply.arn, local.boundary_arn, local.provider_arn]
    },
  ]
}
