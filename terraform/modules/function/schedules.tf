locals {
  schedules = { for index, trigger in local.triggers.schedule : tostring(index + 1) => trigger }
}

resource "aws_scheduler_schedule" "this" {
  for_each = local.schedules

  name                         = "${local.function_name}-${each.key}"
  description                  = var.function.description
  schedule_expression          = each.value.expression
  schedule_expression_timezone = each.value.timezone
  kms_key_arn                  = var.key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_lambda_alias.live.arn
    role_arn = aws_iam_role.schedule[0].arn
    input    = each.value.input

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 3
    }
  }

  depends_on = [aws_iam_role_policy.schedule]
}

resource "aws_iam_role" "schedule" {
  count = length(local.schedules) > 0 ? 1 : 0

  name                 = "${local.function_name}-schedule"
  description          = "Schedules of ${local.function_name}"
  assume_role_policy   = local.schedule_trust
  permissions_boundary = var.permissions_boundary_arn
  tags                 = { function = var.function.name }
}

resource "aws_iam_role_policy" "schedule" {
  count = length(aws_iam_role.schedule)

  name   = "invoke"
  role   = aws_iam_role.schedule[0].id
  policy = local.schedule_policy
}

locals {
  schedule_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "scheduler.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
      },
    ]
  })

  schedule_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = aws_lambda_alias.live.arn
      },
      {
        Effect   = "Allow"
        Action   = "kms:Decrypt" # the schedule's input
        Resource = var.key_arn
      },
    ]
  })
}
