output "key_arn" {
  description = "ARN of the stage's KMS key."
  value       = aws_kms_key.stage.arn
}
