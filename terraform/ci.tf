variable "ci" {
  description = "Roles for GitHub's workflows (null: none). oidc_provider_arn: the account's provider for GitHub's tokens, if it has one already; environment: null is the stage's name; plans run in the environment with -plan behind."
  type = object({
    repository        = string
    environment       = optional(string)
    oidc_provider_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.ci == null ? true : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.ci.repository))
    error_message = "ci.repository is ${try(var.ci.repository, "null")}; use owner/name, without wildcards."
  }
  validation {
    condition     = var.ci == null ? true : can(regex("^[A-Za-z0-9._-]+$", coalesce(var.ci.environment, "prod")))
    error_message = "ci.environment is ${try(coalesce(var.ci.environment), "null")}; use an environment's name, without wildcards."
  }
  validation {
    condition     = try(var.ci.oidc_provider_arn, null) == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.ci.oidc_provider_arn))
    error_message = "ci.oidc_provider_arn is not the ARN of an account's provider for token.actions.githubusercontent.com."
  }
}

module "ci" {
  source = "./modules/ci"
  count  = var.ci == null ? 0 : 1

  name            = local.name
  project         = local.project
  place           = local.place
  settings        = var.ci == null ? null : merge(var.ci, { environment = coalesce(var.ci.environment, var.stage) })
  stage           = var.stage
  artifact_bucket = module.storage.artifact_bucket
  key_arn         = module.encryption.key_arn
  zone_id         = try(var.api.domain.zone_id, null)
}

# All roles of the stage are made inside it, or CI could neither make nor change them.
locals {
  permissions_boundary_arn = one(module.ci[*].permissions_boundary_arn)
}
