resource "aws_sns_topic" "alarms" {
  count = var.settings.enable_alarms ? 1 : 0

  name              = "${var.name}-alarms"
  kms_master_key_id = var.key_arn
}

# Each address gets a mail with a link to confirm.
resource "aws_sns_topic_subscription" "email" {
  for_each = var.settings.enable_alarms ? var.settings.emails : toset([])

  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = each.key
}

locals {
  database_dimension = { (var.database.is_cluster ? "DBClusterIdentifier" : "DBInstanceIdentifier") = var.database.identifier }

  function_alarms = merge([
    for name, function in var.functions : {
      "${name}-errors" = {
        description = "${name} fails: see its log"
        namespace   = "AWS/Lambda", metric = "Errors", statistic = "Sum"
        dimensions  = { FunctionName = function.function_name }
        comparison  = "GreaterThanOrEqualToThreshold", threshold = 1, periods = 1
      }
      "${name}-throttles" = {
        description = "${name} is refused instances: reserve more, or ask AWS for more"
        namespace   = "AWS/Lambda", metric = "Throttles", statistic = "Sum"
        dimensions  = { FunctionName = function.function_name }
        comparison  = "GreaterThanOrEqualToThreshold", threshold = 1, periods = 1
      }
      "${name}-duration" = {
        description = "${name} takes nearly as long as its timeout of ${function.timeout_seconds} seconds allows"
        namespace   = "AWS/Lambda", metric = "Duration", statistic = "p99"
        dimensions  = { FunctionName = function.function_name }
        comparison  = "GreaterThanThreshold", threshold = 800 * function.timeout_seconds, periods = 3
      }
    }
  ]...)

  queue_alarms = { for name, queue in var.failure_queues : "${trimsuffix(name, ".fifo")}-failures" => {
    description = "Messages and events wait in ${queue} that could not be worked on"
    namespace   = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum"
    dimensions  = { QueueName = queue }
    comparison  = "GreaterThanOrEqualToThreshold", threshold = 1, periods = 1
  } }

  api_alarms = {
    api-5xx = {
      description = "The API answers with errors of its own"
      namespace   = "AWS/ApiGateway", metric = "5xx", statistic = "Sum"
      dimensions  = { ApiId = var.api_id }
      comparison  = "GreaterThanOrEqualToThreshold", threshold = 5, periods = 1
    }
    api-latency = {
      description = "One request in a hundred takes longer than 3 seconds"
      namespace   = "AWS/ApiGateway", metric = "Latency", statistic = "p99"
      dimensions  = { ApiId = var.api_id }
      comparison  = "GreaterThanThreshold", threshold = 3000, periods = 3
    }
  }

  database_alarms = {
    database-cpu = {
      description = "The database has hardly any CPU left"
      namespace   = "AWS/RDS", metric = "CPUUtilization", statistic = "Average"
      dimensions  = local.database_dimension
      comparison  = "GreaterThanThreshold", threshold = 80, periods = 3
    }
    database-connections = {
      description = "The database has hardly any connections left of its ${var.database.max_connections}"
      namespace   = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum"
      dimensions  = local.database_dimension
      comparison  = "GreaterThanThreshold", threshold = floor(0.8 * var.database.max_connections), periods = 1
    }
    database-memory = {
      description = "The database has less than 64 MiB of memory left"
      namespace   = "AWS/RDS", metric = "FreeableMemory", statistic = "Minimum"
      dimensions  = local.database_dimension
      comparison  = "LessThanThreshold", threshold = 67108864, periods = 3
    }
  }

  # Aurora's storage grows by itself.
  storage_alarms = { for alarm in ["database-storage"] : alarm => {
    description = "The database has less than a tenth of its storage left"
    namespace   = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum"
    dimensions  = local.database_dimension
    comparison  = "LessThanThreshold", threshold = floor(0.1 * var.database.allocated_storage_gb * 1073741824), periods = 1
  } if !var.database.is_cluster }

  alarms = merge(local.function_alarms, local.queue_alarms, local.api_alarms, local.database_alarms, local.storage_alarms)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = { for name, alarm in local.alarms : name => alarm if var.settings.enable_alarms }

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = each.value.periods
  treat_missing_data  = "notBreaching" # nothing called is nothing wrong
  alarm_actions       = aws_sns_topic.alarms[*].arn
  ok_actions          = aws_sns_topic.alarms[*].arn
}

# Counts what carries the tag of this project's stage, which has to be activated for cost allocation once in each account.
# A filter by two tags would count what has either of them.
# https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
resource "aws_budgets_budget" "monthly" {
  count = var.settings.monthly_budget_usd == null ? 0 : 1

  name         = var.name
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.settings.monthly_budget_usd)
  limit_unit   = "USD"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:deployment$%s", var.name)]
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "FORECASTED"
    threshold                  = 100
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = var.settings.emails
  }

  notification {
    comparison_operator        = "GREATER_THAN"
    notification_type          = "ACTUAL"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    subscriber_email_addresses = var.settings.emails
  }
}
