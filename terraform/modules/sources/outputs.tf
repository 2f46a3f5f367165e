output "arns" {
  description = "ARNs by the names that manifests use: queues, topics, tables, streams, buckets, buses."
  value = {
    queues  = { for name, queue in aws_sqs_queue.this : name => queue.arn }
    topics  = { for name, topic in aws_sns_topic.this : name => topic.arn }
    tables  = { for name, table in aws_dynamodb_table.this : name => table.arn }
    streams = { for name, table in aws_dynamodb_table.this : name => table.stream_arn }
    buckets = { for name, bucket in aws_s3_bucket.this : name => bucket.arn }
    buses   = { for name, bus in aws_cloudwatch_event_bus.this : name => bus.arn }
  }
}

output "dead_letter_queue_names" {
  description = "Names of the queues with messages that could not be worked on, by the queue they came from."
  value       = { for name, queue in aws_sqs_queue.dead_letter : name => queue.name }
}
