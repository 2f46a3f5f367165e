# What has a name that begins with the stage's, `<project>-<stage>`, and ends there or goes on with a dash or a slash.
locals {
  named_statements = concat([
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
        "${local.arn}:logs:${local.in_place}:log-group:/aws/*/${var.name}",
        "${local.arn}:logs:${local.in_place}:log-group:/aws/*/${var.name}:*", # its streams
        "${local.arn}:logs:${local.in_place}:log-group:/aws/*/${var.name}-*",
        "${local.arn}:logs:${local.in_place}:log-group:/aws/*/${var.name}/*",
        "${local.arn}:rds:${local.in_place}:*:${var.name}",
        "${local.arn}:rds:${local.in_place}:*:${var.name}-*",
        "${local.arn}:s3:::${var.name}-*",
        "${local.arn}:scheduler:${local.in_place}:schedule/default/${var.name}-*",
        "${local.arn}:secretsmanager:${local.in_place}:secret:${var.name}/*",
        "${local.arn}:sns:${local.in_place}:${var.name}-*",
        "${local.arn}:sqs:${local.in_place}:${var.name}-*",
      ]
    },
    {
      # RDS asks about the groups that an instance or cluster gets without naming one, too:
      # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-create-and-modify-examples.html
      Sid      = "DefaultGroupsOfDatabases"
      Effect   = "Allow"
      Action   = ["rds:CreateDBCluster", "rds:CreateDBInstance", "rds:ModifyDBCluster", "rds:ModifyDBInstance"]
      Resource = ["${local.arn}:rds:${local.in_place}:og:default*", "${local.arn}:rds:${local.in_place}:pg:default*"] # one for each engine and version
    },
    {
      Sid      = "Budget"
      Effect   = "Allow"
      Action   = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"]
      Resource = "${local.arn}:budgets::${var.place.account_id}:budget/${var.name}"
    },
  ], local.domain_statements, local.zone_statements)

  domain_statements = var.domain_name == null ? [] : [
    {
      Sid    = "OwnDomain"
      Effect = "Allow"
      Action = "apigateway:*"
      Resource = [
        "${local.arn}:apigateway:${var.place.region}::/domainnames", # for POST: it has no name before it is made
        "${local.arn}:apigateway:${var.place.region}::/domainnames/${var.domain_name}",
        "${local.arn}:apigateway:${var.place.region}::/domainnames/${var.domain_name}/*", # its mappings
        "${local.arn}:apigateway:${var.place.region}::/tags/*${var.domain_name}*",        # an encoded ARN
      ]
    },
  ]

  zone_statements = var.zone_id == null ? [] : [
    {
      Sid      = "OwnRecords"
      Effect   = "Allow"
      Action   = ["route53:ChangeResourceRecordSets", "route53:GetChange"]
      Resource = ["${local.arn}:route53:::hostedzone/${var.zone_id}", "${local.arn}:route53:::change/*"] # changes have ids
    },
  ]
}
