# No endpoints and no skip_*: AWS_ENDPOINT_URL alone decides whether this is AWS or the local cloud.
provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      project    = local.project
      stage      = var.stage
      deployment = local.name # both together, for the budget
      managed-by = "terraform"
    }
  }
}
