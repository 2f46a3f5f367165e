resource "aws_iam_role" "this" {
  name                 = local.function_name
  description          = "Function ${local.function_name}"
  assume_role_policy   = local.trust
  permissions_boundary = var.permissions_boundary_arn
  tags                 = { function = var.function.name }
}

resource "aws_iam_role_policy" "this" {
  name   = "function"
  role   = aws_iam_role.this.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}

locals {
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
    ]
  })

  statements = concat(
    local.platform_statements,
    local.network_statements,
    local.database_statements,
    local.key_statements,
    local.failure_statements,
    local.source_statements,
    local.declared_statements,
  )

  platform_statements = [
    {
      Sid      = "Logs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.this.arn}:*" # :* is the group's streams
    },
    {
      Sid      = "Traces"
      Effect   = "Allow"
      Action   = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource = "*" # X-Ray has no narrower resource for these
    },
  ]

  # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
  interface_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DetachNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
  ]
  network_statements = [
    for statement in [
      {
        Sid      = "NetworkInterfaces"
        Effect   = "Allow"
        Action   = local.interface_actions
        Resource = "*" # Lambda makes interfaces before they have names; the next statement keeps them from the code
      },
      {
        Sid       = "NotByTheCode"
        Effect    = "Deny"
        Action    = local.interface_actions
        Resource  = "*" # a Deny
        Condition = { ArnEquals = { "lambda:SourceFunctionArn" = [local.function_arn] } }
      },
    ] : statement if var.network != null
  ]

  database_statements = var.database == null ? [] : [
    for index, statement in var.database.statements : {
      Sid      = "Database${index + 1}"
      Effect   = "Allow"
      Action   = statement.actions
      Resource = statement.resources
    }
  ]

  # The variables are encrypted with the stage's key; so are the queues, tables and buckets that functions use.
  key_statements = [
    {
      Sid      = "Key"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource = var.key_arn
    },
  ]

  # ARNs in manifests leave region and account open, and know resources by their plain names.
  named_resources = merge(
    { for name, arn in var.sources.queues : "sqs:*:*:${name}" => arn },
    { for name, arn in var.sources.topics : "sns:*:*:${name}" => arn },
    { for name, arn in var.sources.tables : "dynamodb:*:*:table/${name}" => arn },
    { for name, arn in var.sources.buses : "events:*:*:event-bus/${name}" => arn },
    { for name, arn in var.sources.buckets : "s3:::${name}" => arn },
  )
  # Each ARN in two: the resource, and what is in it, such as a bucket's keys or a table's index.
  plain_resources = { for resource in distinct(flatten(var.function.permissions[*].resources)) : resource => regex(
    "^(?:arn:[a-z*-]+:)?(?P<whole>(?:[^/]*:(?:table|event-bus)/)?[^/]*)(?P<part>/.*)?$", resource
  ) }
  declared_statements = [
    for index, permission in var.function.permissions : merge(
      {
        Sid    = "Declared${index + 1}"
        Effect = "Allow"
        Action = permission.actions
        Resource = [
          for resource in permission.resources : try(
            "${local.named_resources[local.plain_resources[resource].whole]}${try(coalesce(local.plain_resources[resource].part), "")}",
            replace(replace(resource, "/^arn:aws:/", "arn:${var.place.partition}:"), "/^(arn:[a-z-]+:[a-z0-9-]+):\\*:\\*:/", "$${1}:${var.place.region}:${var.place.account_id}:"),
          )
        ]
      },
      length(permission.conditions) == 0 ? {} : {
        Condition = { for test in distinct(permission.conditions[*].test) : test => {
          for condition in permission.conditions : condition.variable => condition.values if condition.test == test
        } }
      },
    )
  ]
}
