# The most that a role made by a deployment can be given, whatever a manifest declares.
resource "aws_iam_policy" "boundary" {
  name        = "${var.name}-boundary"
  description = "Bounds the roles of ${var.name}"
  policy      = local.boundary

  lifecycle {
    # Without `ci`, roles lose the boundary before it is deleted: IAM deletes no policy that bounds a role. This way
    # Terraform destroys it after what has depended on it.
    create_before_destroy = true
  }
}

locals {
  roles        = "${local.arn}:iam::${var.place.account_id}:role/${var.name}-*"
  boundary_arn = "${local.arn}:iam::${var.place.account_id}:policy/${var.name}-boundary"

  boundary = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid      = "WhatFunctionsMayUse"
        Effect   = "Allow"
        Action   = sort(var.function_actions)
        Resource = "*" # a boundary gives nothing: each role's own policy names its resources
      },
      {
        # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSEnhancedMonitoringRole.html
        Sid      = "WhatMonitoringOfDatabasesUses"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:GetLogEvents", "logs:PutRetentionPolicy"]
        Resource = "${local.arn}:logs:${local.in_place}:log-group:RDS*" # RDSOSMetrics, one for all databases of the account
      },
    ], local.foreign_statements, local.foreign_bucket_statements)
  })

  # IAM asks for no tags of S3's objects.
  foreign_bucket_statements = [
    for statement in [
      {
        Sid      = "NotBucketsOfOtherStages"
        Effect   = "Deny"
        Action   = "s3:*"
        Resource = [for stage in sort(var.other_stages) : "${local.arn}:s3:::${var.project}-${stage}-*"] # all of each
      },
    ] : statement if length(var.other_stages) > 0
  ]

  # A role may be made and changed only inside the boundary, and the boundary and CI's own roles not at all.
  role_statements = [
    {
      Sid       = "BoundedRoles"
      Effect    = "Allow"
      Action    = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      Resource  = local.roles # * after the stage's name
      Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
    },
    {
      # The provider looks for a role's instance profiles before it deletes it.
      Sid      = "OwnRoles"
      Effect   = "Allow"
      Action   = ["iam:DeleteRole", "iam:ListInstanceProfilesForRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"]
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
      Resource = [
        aws_iam_role.plan.arn, aws_iam_role.apply.arn, local.provider_arn,
        local.boundary_arn, "${local.arn}:iam::${var.place.account_id}:policy/${var.name}-ci-apply-*", # one for each file here
      ]
    },
  ]
}
