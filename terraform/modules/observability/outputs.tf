output "alarm_topic_arn" {
  description = "ARN of the topic that alarms go to; null without alarms."
  value       = one(aws_sns_topic.alarms[*].arn)
}
