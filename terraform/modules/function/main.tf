locals {
  function_name = "${var.name}-${var.function.name}"
  function_arn  = "arn:${var.place.partition}:lambda:${var.place.region}:${var.place.account_id}:function:${local.function_name}"
  triggers      = var.function.triggers
}

resource "aws_lambda_function" "this" {
  function_name = local.function_name
  description   = var.function.description
  role          = aws_iam_role.this.arn
  tags          = { function = var.function.name }

  s3_bucket        = var.package.bucket
  s3_key           = var.package.key
  source_code_hash = var.function.zip.sha256_base64
  publish          = true

  runtime                        = var.runtime
  handler                        = var.function.handler
  architectures                  = [var.function.architecture]
  layers                         = var.function.layers
  memory_size                    = var.function.memory_mb
  timeout                        = var.function.timeout_seconds
  reserved_concurrent_executions = coalesce(var.reserved_concurrency, -1)
  kms_key_arn                    = var.key_arn

  environment {
    variables = merge(
      var.function.environment,
      {
        BUCKET_SUFFIX                = "-${var.place.account_id}"
        LOG_LEVEL                    = var.log_level # Powertools reads it, too
        POWERTOOLS_METRICS_NAMESPACE = var.name      # metrics of stages apart
        POWERTOOLS_SERVICE_NAME      = var.function.name
        RESOURCE_PREFIX              = "${var.name}-"
      },
      var.database == null ? {} : var.database.environment,
    )
  }

  ephemeral_storage {
    size = var.function.ephemeral_storage_mb
  }

  logging_config {
    log_format = "Text" # Powertools writes JSON itself
    log_group  = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = "Active"
  }

  dynamic "vpc_config" {
    for_each = var.network == null ? [] : [var.network]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = [vpc_config.value.security_group_id]
    }
  }

  depends_on = [aws_iam_role_policy.this]
}

# Everything calls the alias. Terraform publishes versions; the release moves the alias, and back.
resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The released version"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

# Before the function, which would make a group that keeps logs for ever.
resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.function_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
  tags              = { function = var.function.name }
}
