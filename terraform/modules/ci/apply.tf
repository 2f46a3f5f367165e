# Deploys the stage: only from the environment, which GitHub guards with reviewers.
resource "aws_iam_role" "apply" {
  name                 = "${var.name}-ci-apply"
  description          = "GitHub deploys ${var.name}"
  assume_role_policy   = local.trust.apply
  max_session_duration = 7200

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "apply_state" {
  name = "read-and-write-state"
  role = aws_iam_role.apply.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.state_statements, local.read_statements, [
    {
      Sid      = "WriteState"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = local.state
    },
    {
      # The toolchain's own lock: it also covers migrations and aliases.
      Sid      = "LockDeploys"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.state_bucket}/stages/${var.stage}/deploy.lock"
    },
  ]) })
}

resource "aws_iam_role_policy" "apply_resources" {
  name   = "change-resources"
  role   = aws_iam_role.apply.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.named_statements, local.unnamed_statements, local.zone_statements) })
}

resource "aws_iam_role_policy" "apply_roles" {
  name   = "make-bounded-roles"
  role   = aws_iam_role.apply.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.role_statements })
}

locals {
  in_place = "${var.place.region}:${var.place.account_id}"
  arn      = "arn:${var.place.partition}"

  # Everything whose ARN begins with the stage's name.
  named_statements = [
    {
      Sid    = "OwnResources"
      Effect = "Allow"
      Action = ["cloudwatch:*", "dynamodb:*", "events:*", "lambda:*", "logs:*", "rds:*", "s3:*", "scheduler:*", "secretsmanager:*", "sns:*", "sqs:*"]
      Resource = [ # * after the stage's name: what is made tomorrow has a name that begins so
        "${local.arn}:cloudwatch:${local.in_place}:alarm:${var.name}-*",
        "${local.arn}:cloudwatch::${var.place.account_id}:dashboard/${var.name}",
        "${local.arn}:dynamodb:${local.in_place}:table/${var.name}-*",
        "${local.arn}:events:${local.in_place}:event-bus/${var.name}-*",
        "${local.arn}:events:${local.in_place}:rule/${var.name}-*",
        "${local.arn}:events:${local.in_place}:rule/*/${var.name}-*",
        "${local.arn}:lambda:${local.in_place}:function:${var.name}-*",
        "${local.arn}:logs:${local.in_place}:log-group:/aws/*/${var.name}*",
        "${local.arn}:rds:${local.in_place}:*:${var.name}*",
        "${local.arn}:rds:${local.in_place}:db-proxy:*", # proxies and their targets have ids instead of names
        "${local.arn}:rds:${local.in_place}:target-group:*",
        "${local.arn}:s3:::${var.name}-*",
        "${local.arn}:scheduler:${local.in_place}:schedule/default/${var.name}-*",
        "${local.arn}:secretsmanager:${local.in_place}:secret:${var.name}/*",
        "${local.arn}:sns:${local.in_place}:${var.name}-*",
        "${local.arn}:sqs:${local.in_place}:${var.name}-*",
      ]
    },
  ]

  zone_statements = var.zone_id == null ? [] : [
    {
      Sid      = "OwnDomain"
      Effect   = "Allow"
      Action   = ["route53:ChangeResourceRecordSets", "route53:GetChange"]
      Resource = ["${local.arn}:route53:::hostedzone/${var.zone_id}", "${local.arn}:route53:::change/*"] # changes have ids
    },
  ]

  # Ids instead of names: what these make and change is told apart by region, and by the stage's tag where AWS can.
  unnamed_statements = [
    {
      Sid    = "ResourcesWithIds"
      Effect = "Allow"
      Action = [
        "apigateway:*",
        "cognito-idp:*",
        "ec2:AssociateRouteTable", "ec2:AuthorizeSecurityGroup*", "ec2:Create*", "ec2:Delete*", "ec2:DisassociateRouteTable",
        "ec2:Modify*", "ec2:RevokeSecurityGroup*", "ec2:UpdateSecurityGroupRuleDescriptions*",
        "kms:CreateAlias", "kms:CreateKey", "kms:DeleteAlias", "kms:TagResource", "kms:UpdateAlias",
        "lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:GetAccountSettings", "lambda:UpdateEventSourceMapping", "lambda:TagResource",
        "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:UpdateLogDelivery",
        "logs:DescribeResourcePolicies", "logs:PutResourcePolicy",
      ]
      Resource  = "*" # their ARNs hold ids that AWS draws, or they have none before they are made
      Condition = { StringEquals = { "aws:RequestedRegion" = var.place.region } }
    },
    {
      Sid      = "OwnKey"
      Effect   = "Allow"
      Action   = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UpdateKeyDescription"]
      Resource = var.key_arn
    },
    {
      # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
      Sid      = "OwnersSecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:CreateSecret", "secretsmanager:TagResource"]
      Resource = "${local.arn}:secretsmanager:${local.in_place}:secret:rds!*" # RDS draws the rest of the name
    },
    {
      Sid      = "Budget"
      Effect   = "Allow"
      Action   = ["budgets:ModifyBudget", "budgets:TagResource"]
      Resource = "${local.arn}:budgets::${var.place.account_id}:budget/${var.name}"
    },
    {
      Sid       = "ServiceLinkedRoles"
      Effect    = "Allow"
      Action    = "iam:CreateServiceLinkedRole"
      Resource  = "${local.arn}:iam::${var.place.account_id}:role/aws-service-role/*" # AWS's own, one per service
      Condition = { StringEquals = { "iam:AWSServiceName" = ["ops.apigateway.amazonaws.com", "rds.amazonaws.com"] } }
    },
  ]
}
