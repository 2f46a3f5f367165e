# What AWS draws the names of, and what it knows no resources of.
locals {
  gateway = "${local.arn}:apigateway:${var.place.region}::"

  unnamed_statements = [
    {
      # Routes, integrations and authorizers of an HTTP API have no tags, nor its API's, so its id names them:
      # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
      Sid    = "OwnApi"
      Effect = "Allow"
      Action = "apigateway:*"
      Resource = [
        "${local.gateway}/apis/${var.api_id}",
        "${local.gateway}/apis/${var.api_id}/*", # all of it
        "${local.gateway}/tags/*${var.api_id}*", # an encoded ARN
      ]
    },
    {
      Sid      = "OwnPool"
      Effect   = "Allow"
      Action   = "cognito-idp:*"
      Resource = "${local.arn}:cognito-idp:${local.in_place}:userpool/${var.user_pool_id}"
    },
    {
      Sid    = "OwnKey"
      Effect = "Allow"
      Action = [
        "kms:CreateAlias", "kms:CreateGrant", "kms:Decrypt", "kms:DeleteAlias", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey",
        "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
      ]
      Resource = [var.key_arn, "${local.arn}:kms:${local.in_place}:alias/${var.name}"]
    },
    {
      Sid       = "OwnEventSources"
      Effect    = "Allow"
      Action    = ["lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping"]
      Resource  = "*" # an id that AWS draws; told by the function
      Condition = { ArnLike = { "lambda:FunctionArn" = "${local.arn}:lambda:${local.in_place}:function:${var.name}-*" } }
    },
    {
      Sid       = "TagsOfEventSources"
      Effect    = "Allow"
      Action    = "lambda:TagResource"
      Resource  = "${local.arn}:lambda:${local.in_place}:event-source-mapping:*" # an id that AWS draws
      Condition = { StringEquals = local.tagging }
    },
    {
      Sid       = "NewProxy"
      Effect    = "Allow"
      Action    = ["rds:AddTagsToResource", "rds:CreateDBProxy"]
      Resource  = "*" # it has no name before it is made
      Condition = { StringEquals = local.tagging }
    },
    {
      Sid       = "OwnProxy"
      Effect    = "Allow"
      Action    = "rds:*"
      Resource  = "${local.arn}:rds:${local.in_place}:db-proxy:*" # an id that AWS draws
      Condition = { StringEquals = local.tagged }
    },
    {
      # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
      Sid      = "OwnersSecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:TagResource"]
      Resource = "${local.arn}:secretsmanager:${local.in_place}:secret:rds!*" # RDS draws the rest of the name
    },
    {
      # AWS can't tell these apart by stage: they know no resources, or ids without a stage's tag.
      Sid    = "WithoutStages"
      Effect = "Allow"
      Action = [
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:UpdateLogDelivery",
        "logs:DescribeResourcePolicies", "logs:PutResourcePolicy",
        "rds:DeregisterDBProxyTargets", "rds:ModifyDBProxyTargetGroup", "rds:RegisterDBProxyTargets",
        "sns:SetSubscriptionAttributes", "sns:Unsubscribe",
      ]
      Resource  = "*" # as said
      Condition = { StringEquals = { "aws:RequestedRegion" = var.place.region } }
    },
    {
      Sid       = "ServiceLinkedRoles"
      Effect    = "Allow"
      Action    = "iam:CreateServiceLinkedRole"
      Resource  = "${local.arn}:iam::${var.place.account_id}:role/aws-service-role/*" # AWS's own, one per service
      Condition = { StringEquals = { "iam:AWSServiceName" = ["email.cognito-idp.amazonaws.com", "ops.apigateway.amazonaws.com", "rds.amazonaws.com"] } }
    },
  ]
}
