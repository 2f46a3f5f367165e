# A root module as small as deploys allow: the bucket of the zips, functions with an alias, a user pool.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }

  backend "s3" {
    workspace_key_prefix = "stages"
    use_lockfile         = true
  }
}

provider "aws" {
  region = var.region
}

locals {
  document = jsondecode(file(var.functions_file))
  prefix   = "${local.document.project}-${var.stage}"
}

module "storage" {
  source = "./storage"
  name   = "${local.prefix}-artifacts-${var.account_id}"
}

resource "aws_iam_role" "functions" {
  name = "${local.prefix}-functions"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

module "function" {
  source   = "./function"
  for_each = local.document.functions

  name     = "${local.prefix}-${each.key}"
  role_arn = aws_iam_role.functions.arn
  bucket   = module.storage.bucket
  function = { name = each.key, runtime = local.document.runtime, architecture = each.value.architecture, zip = each.value.zip }
}

resource "aws_cognito_user_pool" "main" {
  name                = local.prefix
  username_attributes = [var.sign_in_with]
}
