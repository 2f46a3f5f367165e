resource "aws_sqs_queue" "this" {
  for_each = var.queues

  name                        = "${var.name}-${each.key}"
  fifo_queue                  = endswith(each.key, ".fifo")
  content_based_deduplication = endswith(each.key, ".fifo") ? true : null
  visibility_timeout_seconds  = each.value.visibility_timeout_seconds
  message_retention_seconds   = 345600
  kms_master_key_id           = var.key_arn
  redrive_policy              = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letter[each.key].arn, maxReceiveCount = 5 })
}

resource "aws_sqs_queue" "dead_letter" {
  for_each = var.queues

  name                      = endswith(each.key, ".fifo") ? "${var.name}-${trimsuffix(each.key, ".fifo")}-dlq.fifo" : "${var.name}-${each.key}-dlq"
  fifo_queue                = endswith(each.key, ".fifo")
  message_retention_seconds = 1209600 # 14 days, the longest there is
  kms_master_key_id         = var.key_arn
}
