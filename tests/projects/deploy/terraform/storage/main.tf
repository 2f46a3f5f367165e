variable "name" {
  description = "The name of the bucket."
  type        = string
}

resource "aws_s3_bucket" "artifacts" {
  bucket        = var.name
  force_destroy = true
}

output "bucket" {
  description = "The name of the bucket."
  value       = aws_s3_bucket.artifacts.bucket
}
