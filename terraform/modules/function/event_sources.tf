locals {
  queues  = { for trigger in local.triggers.sqs : trigger.queue => trigger }
  streams = { for trigger in local.triggers.dynamodb_stream : trigger.table => trigger }
  topics  = { for index, trigger in local.triggers.sns : trigger.topic => trigger }
  rules   = { for index, trigger in local.triggers.eventbridge : tostring(index + 1) => trigger }
  buckets = toset(local.triggers.s3[*].bucket)

  # Lambda polls on when the reserved instances are all at work: what is refused then counts as received, and goes aside
  # after five times. So queues share what is reserved; 2 is the least that AWS takes, 1000 the most.
  # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency
  queue_share = try(var.reserved_concurrency >= 2, false) ? min(1000, max(2, floor(var.reserved_concurrency / max(1, length(local.queues))))) : null
  queue_concurrency = { for queue, trigger in local.queues : queue => (
    trigger.maximum_concurrency != null ? trigger.maximum_concurrency : local.queue_share
  ) }

  source_statements = concat(
    [
      for queue in keys(local.queues) : {
        Sid      = "Queue${index(keys(local.queues), queue) + 1}"
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        Resource = var.sources.queues[queue]
      }
    ],
    [
      for table in keys(local.streams) : {
        Sid      = "Stream${index(keys(local.streams), table) + 1}"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
        Resource = "${var.sources.tables[table]}/stream/*" # a table's streams are numbered by time
      }
    ],
  )
}

resource "aws_lambda_event_source_mapping" "queue" {
  for_each = local.queues

  event_source_arn                   = var.sources.queues[each.key]
  function_name                      = aws_lambda_alias.live.arn
  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.maximum_batching_window_seconds
  function_response_types            = each.value.report_batch_item_failures ? ["ReportBatchItemFailures"] : []

  dynamic "scaling_config" {
    for_each = local.queue_concurrency[each.key] == null ? [] : [local.queue_concurrency[each.key]]

    content {
      maximum_concurrency = scaling_config.value
    }
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_lambda_event_source_mapping" "stream" {
  for_each = local.streams

  event_source_arn                   = var.sources.streams[each.key]
  function_name                      = aws_lambda_alias.live.arn
  batch_size                         = each.value.batch_size
  maximum_batching_window_in_seconds = each.value.maximum_batching_window_seconds
  starting_position                  = each.value.starting_position
  maximum_retry_attempts             = each.value.maximum_retry_attempts
  bisect_batch_on_function_error     = true
  function_response_types            = each.value.report_batch_item_failures ? ["ReportBatchItemFailures"] : []

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failures[0].arn
    }
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_sns_topic_subscription" "this" {
  for_each = local.topics

  topic_arn     = var.sources.topics[each.key]
  protocol      = "lambda"
  endpoint      = aws_lambda_alias.live.arn
  filter_policy = each.value.filter_policy

  depends_on = [aws_lambda_permission.topic]
}

resource "aws_lambda_permission" "topic" {
  for_each = local.topics

  statement_id  = "sns-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "sns.amazonaws.com"
  source_arn    = var.sources.topics[each.key]
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = local.rules

  name           = "${local.function_name}-${each.key}"
  description    = "Events for ${local.function_name}"
  event_bus_name = each.value.bus == "default" ? "default" : element(split("/", var.sources.buses[each.value.bus]), 1)
  event_pattern  = each.value.pattern
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = local.rules

  rule           = aws_cloudwatch_event_rule.this[each.key].name
  event_bus_name = aws_cloudwatch_event_rule.this[each.key].event_bus_name
  target_id      = var.function.name
  arn            = aws_lambda_alias.live.arn

  depends_on = [aws_lambda_permission.rule]
}

resource "aws_lambda_permission" "rule" {
  for_each = local.rules

  statement_id  = "events-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  qualifier     = aws_lambda_alias.live.name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this[each.key].arn
}

# A bucket has one notification configuration for all functions: module sources has it.
resource "aws_lambda_permission" "bucket" {
  for_each = local.buckets

  statement_id   = "s3-${replace(each.key, ".", "-")}"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this.function_name
  qualifier      = aws_lambda_alias.live.name
  principal      = "s3.amazonaws.com"
  source_arn     = var.sources.buckets[each.key]
  source_account = var.place.account_id # a bucket's ARN has no account, and its name may pass to another
}
