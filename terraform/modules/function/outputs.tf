output "function_name" {
  description = "Name of the function on AWS."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "ARN of the function, without a version."
  value       = aws_lambda_function.this.arn
}

output "version" {
  description = "The version that was published last; the alias may be at another."
  value       = aws_lambda_function.this.version
}

output "alias" {
  description = "Name of the alias that everything calls."
  value       = aws_lambda_alias.live.name
}

output "alias_arn" {
  description = "ARN of the alias."
  value       = aws_lambda_alias.live.arn
}

output "alias_invoke_arn" {
  description = "Where API Gateway calls the alias."
  value       = aws_lambda_alias.live.invoke_arn
}

output "log_group" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "failure_queue_name" {
  description = "Name of the queue with events that could not be worked on; null where there are none."
  value       = one(aws_sqs_queue.failures[*].name)
}

output "bucket_permission_ids" {
  description = "Ids of the permissions that let buckets call the function."
  value       = [for permission in aws_lambda_permission.bucket : permission.id]
}
