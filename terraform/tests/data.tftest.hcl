# What holds data besides the database: the key, the artifact bucket, and what triggers name.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-dlq" }
  }
}

variables {
  name         = "shop-dev"
  place        = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  is_protected = true
  key_arn      = "arn:aws:kms:eu-west-1:123456789012:key/1"
}

run "key" {
  command = plan

  module {
    source = "./modules/encryption"
  }

  assert {
    condition     = aws_kms_key.stage.enable_key_rotation && aws_kms_key.stage.deletion_window_in_days == 30
    error_message = "The key rotates, and can be had back for 30 days."
  }
  assert {
    condition     = [for statement in jsondecode(aws_kms_key.stage.policy).Statement : statement.Condition if statement.Sid == "Logs"] == [{ ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/*/shop-dev*" } }]
    error_message = "CloudWatch Logs uses the key for the stage's log groups."
  }
}

run "artifacts" {
  command = plan

  module {
    source = "./modules/storage"
  }

  assert {
    condition     = aws_s3_bucket.artifacts.bucket == "shop-dev-artifacts-123456789012" && !aws_s3_bucket.artifacts.force_destroy
    error_message = "The bucket has the name that the toolchain uploads to, and is not emptied by mistake."
  }
  assert {
    condition     = jsondecode(aws_s3_bucket_policy.artifacts.policy).Statement[0].Effect == "Deny" && jsondecode(aws_s3_bucket_policy.artifacts.policy).Statement[0].Condition == { Bool = { "aws:SecureTransport" = "false" } } && length(jsondecode(aws_s3_bucket_policy.artifacts.policy).Statement[0].Resource) == 2
    error_message = "Packages travel encrypted."
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.artifacts.block_public_acls && aws_s3_bucket_public_access_block.artifacts.block_public_policy && aws_s3_bucket_public_access_block.artifacts.ignore_public_acls && aws_s3_bucket_public_access_block.artifacts.restrict_public_buckets
    error_message = "Packages are nobody else's."
  }
  assert {
    condition     = aws_s3_bucket_versioning.artifacts.versioning_configuration[0].status == "Enabled" && one(aws_s3_bucket_server_side_encryption_configuration.artifacts.rule).apply_server_side_encryption_by_default[0].kms_master_key_id == var.key_arn
    error_message = "Packages are kept when overwritten, and encrypted with the stage's key."
  }
}

run "sources" {
  command = plan

  module {
    source = "./modules/sources"
  }

  variables {
    queues      = { orders = { visibility_timeout_seconds = 120 }, "bills.fifo" = { visibility_timeout_seconds = 60 } }
    topics      = ["news"]
    tables      = { things = "thing_id" }
    buckets     = ["uploads"]
    buses       = ["shop"]
    aliases     = { work = "arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-work:live" }
    permissions = ["s3-uploads"]
    notifications = [
      { id = "work-1", function = "work", bucket = "uploads", events = ["s3:ObjectCreated:Put"], prefix = "", suffix = ".csv" },
      { id = "work-2", function = "work", bucket = "uploads", events = ["s3:ObjectCreated:Put"], prefix = "in/", suffix = ".json" },
    ]
  }

  assert {
    condition     = aws_sqs_queue.this["bills.fifo"].name == "shop-dev-bills.fifo" && aws_sqs_queue.this["bills.fifo"].fifo_queue && aws_sqs_queue.dead_letter["bills.fifo"].name == "shop-dev-bills-dlq.fifo" && aws_sqs_queue.dead_letter["orders"].name == "shop-dev-orders-dlq"
    error_message = "Queues have the stage's name before theirs, and dead-letter queues of their kind."
  }
  assert {
    condition     = aws_sqs_queue.this["orders"].visibility_timeout_seconds == 120 && jsondecode(aws_sqs_queue.this["orders"].redrive_policy) == { deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-dlq", maxReceiveCount = 5 }
    error_message = "A message comes back after the function's time is over, and goes aside after five attempts."
  }
  assert {
    condition     = alltrue([for queue in concat(values(aws_sqs_queue.this), values(aws_sqs_queue.dead_letter)) : queue.kms_master_key_id == var.key_arn]) && aws_sns_topic.this["news"].kms_master_key_id == var.key_arn && aws_dynamodb_table.this["things"].server_side_encryption[0].kms_key_arn == var.key_arn
    error_message = "Everything is encrypted with the stage's key."
  }
  assert {
    condition     = aws_dynamodb_table.this["things"].stream_enabled && aws_dynamodb_table.this["things"].hash_key == "thing_id" && aws_dynamodb_table.this["things"].deletion_protection_enabled && aws_dynamodb_table.this["things"].point_in_time_recovery[0].enabled
    error_message = "A table has a stream, its declared key, backups, and protection."
  }
  assert {
    condition     = jsonencode([for notification in aws_s3_bucket_notification.this["uploads"].lambda_function : [notification.lambda_function_arn, notification.filter_prefix, notification.filter_suffix]]) == jsonencode([[var.aliases["work"], null, ".csv"], [var.aliases["work"], "in/", ".json"]])
    error_message = "A bucket announces what each trigger declares, to the alias."
  }
  assert {
    condition     = aws_s3_bucket_public_access_block.this["uploads"].restrict_public_buckets && jsondecode(aws_s3_bucket_policy.this["uploads"].policy).Statement[0].Resource == ["arn:aws:s3:::shop-dev-uploads-123456789012", "arn:aws:s3:::shop-dev-uploads-123456789012/*"] && aws_s3_bucket.this["uploads"].bucket == "shop-dev-uploads-123456789012"
    error_message = "Buckets are private, reached by TLS, and named after the account: their names are the whole world's."
  }
}
