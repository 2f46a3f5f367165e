locals {
  logs = "arn:${var.place.partition}:logs:${var.place.region}:${var.place.account_id}:log-group:/aws/*/${var.name}*"
}

# One key for all of the stage: its data is one trust domain, and every key costs a dollar a month.
resource "aws_kms_key" "stage" {
  description             = "Data of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.is_protected ? 30 : 7
  policy                  = local.policy
}

resource "aws_kms_alias" "stage" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.stage.key_id
}

locals {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountByIam" # without it, nobody could administer the key
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.place.partition}:iam::${var.place.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*" # the key itself
      },
      {
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.place.region}.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"]
        Resource  = "*" # the key itself
        Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = local.logs } }
      },
      {
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
        Sid       = "AlarmsToTopics"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*" # the key itself
        Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
      },
    ]
  })
}
