variable "name" {
  description = "The function's name on AWS."
  type        = string
}

variable "role_arn" {
  description = "The role that the function runs with."
  type        = string
}

variable "bucket" {
  description = "The bucket of the zips."
  type        = string
}

variable "function" {
  description = "What functions.json says of it."
  type = object({
    name         = string
    runtime      = string
    architecture = string
    zip          = object({ sha256 = string, sha256_base64 = string })
  })
}

resource "aws_lambda_function" "this" {
  function_name    = var.name
  role             = var.role_arn
  runtime          = var.function.runtime
  handler          = "functions/${var.function.name}/handler.handler"
  architectures    = [var.function.architecture]
  s3_bucket        = var.bucket
  s3_key           = "functions/${var.function.name}/${var.function.zip.sha256}.zip"
  source_code_hash = var.function.zip.sha256_base64
  publish          = true
  tags             = { function = var.function.name }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    ignore_changes = [function_version]
  }
}

output "deployed" {
  description = "What releases need to know."
  value = {
    function_name = aws_lambda_function.this.function_name
    arn           = aws_lambda_function.this.arn
    version       = aws_lambda_function.this.version
    alias         = aws_lambda_alias.live.name
    alias_arn     = aws_lambda_alias.live.arn
    log_group     = "/aws/lambda/${aws_lambda_function.this.function_name}"
  }
}
