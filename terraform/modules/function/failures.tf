# What is called without anybody waiting for the answer: its events are kept when all attempts have failed.
locals {
  is_asynchronous = length(local.triggers.schedule) + length(local.triggers.sns) + length(local.triggers.s3) + length(local.triggers.eventbridge) > 0
  needs_queue     = local.is_asynchronous || length(local.triggers.dynamodb_stream) > 0

  failure_statements = [
    for queue in aws_sqs_queue.failures : {
      Sid      = "Failures"
      Effect   = "Allow"
      Action   = "sqs:SendMessage"
      Resource = queue.arn
    }
  ]
}

resource "aws_sqs_queue" "failures" {
  count = local.needs_queue ? 1 : 0

  name                      = "${local.function_name}-failures"
  message_retention_seconds = 1209600 # 14 days, the longest there is
  kms_master_key_id         = var.key_arn
  tags                      = { function = var.function.name }
}

resource "aws_lambda_function_event_invoke_config" "live" {
  count = local.is_asynchronous ? 1 : 0

  function_name                = aws_lambda_function.this.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = var.function.maximum_retry_attempts
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures[0].arn
    }
  }
}
