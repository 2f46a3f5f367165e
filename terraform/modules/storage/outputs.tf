output "artifact_bucket" {
  description = "Name of the bucket with packages and releases."
  value       = aws_s3_bucket.artifacts.bucket
}
