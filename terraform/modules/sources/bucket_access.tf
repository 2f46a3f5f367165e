resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id
  policy = local.bucket_policies[each.key]

  depends_on = [aws_s3_bucket_public_access_block.this]
}

locals {
  # All accounts share the names of buckets; another clone of this project may have the same project and stage.
  bucket_names = { for name in var.buckets : name => "${var.name}-${name}-${var.place.account_id}" }
  bucket_arns  = { for name, bucket in local.bucket_names : name => "arn:${var.place.partition}:s3:::${bucket}" }

  bucket_policies = { for name, arn in local.bucket_arns : name => jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly" # a Deny: everybody and everything is meant
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [arn, "${arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  }) }
}
