# Alarms, dashboard and budget.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-west-1:123456789012:shop-prod-alarms" }
  }
}

variables {
  name           = "shop-prod"
  place          = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  key_arn        = "arn:aws:kms:eu-west-1:123456789012:key/1"
  functions      = { work = { function_name = "shop-prod-work", timeout_seconds = 20 } }
  failure_queues = { work = "shop-prod-work-failures", "bills.fifo" = "shop-prod-bills-dlq.fifo" }
  api_id         = "api1"
  database       = { identifier = "shop-prod", is_cluster = false, max_connections = 300, allocated_storage_gb = 50 }
  settings       = { enable_alarms = true, enable_dashboard = true, monthly_budget_usd = 200, emails = ["ops@example.com"] }
}

run "all" {
  command = plan

  module {
    source = "./modules/observability"
  }

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset([
      "work-duration", "work-errors", "work-throttles", "work-failures", "bills-failures", "api-5xx", "api-latency",
      "database-cpu", "database-connections", "database-memory", "database-storage",
    ])
    error_message = "There is an alarm for whatever can go wrong."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:123456789012:shop-prod-alarms"]) && alarm.treat_missing_data == "notBreaching"])
    error_message = "Every alarm tells somebody, and silence is no alarm."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-connections"].threshold == 240 && aws_cloudwatch_metric_alarm.this["api-latency"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.this["work-errors"].dimensions == tomap({ FunctionName = "shop-prod-work" })
    error_message = "Limits come from what the stage has."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["work-duration"].threshold == 16000 && aws_cloudwatch_metric_alarm.this["work-duration"].extended_statistic == "p99"
    error_message = "A function that takes four fifths of its 20 seconds will soon take more."
  }
  assert {
    condition     = one(one(aws_budgets_budget.monthly[0].cost_filter).values) == "user:deployment$shop-prod" && aws_budgets_budget.monthly[0].limit_amount == "200"
    error_message = "The budget counts this project's stage, and no other project's of the same name."
  }
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets) == 7 && strcontains(aws_cloudwatch_dashboard.this[0].dashboard_body, "shop-prod-work")
    error_message = "The dashboard shows requests, functions and the database."
  }
}

run "aurora_without_alarms_of_storage" {
  command = plan

  module {
    source = "./modules/observability"
  }

  variables {
    database = { identifier = "shop-prod", is_cluster = true, max_connections = 300, allocated_storage_gb = 50 }
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "database-storage") && aws_cloudwatch_metric_alarm.this["database-cpu"].dimensions == tomap({ DBClusterIdentifier = "shop-prod" })
    error_message = "Aurora's storage grows by itself; its metrics are the cluster's."
  }
}

run "nothing" {
  command = plan

  module {
    source = "./modules/observability"
  }

  variables {
    settings = { enable_alarms = false, enable_dashboard = false, emails = ["ops@example.com"] }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) + length(aws_sns_topic.alarms) + length(aws_sns_topic_subscription.email) + length(aws_cloudwatch_dashboard.this) + length(aws_budgets_budget.monthly) == 0
    error_message = "What a stage does without costs nothing."
  }
}
