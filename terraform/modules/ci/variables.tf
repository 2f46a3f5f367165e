variable "name" {
  description = "Prefix of all names: <project>-<stage>."
  type        = string
  nullable    = false
}

variable "place" {
  description = "Where the stage is: parts of every ARN."
  type        = object({ partition = string, region = string, account_id = string })
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the stage's KMS key."
  type        = string
  nullable    = false
}

variable "project" {
  description = "Name of the project: the state bucket's name begins with it."
  type        = string
  nullable    = false
}

variable "stage" {
  description = "Name of the stage."
  type        = string
  nullable    = false
}

variable "artifact_bucket" {
  description = "Name of the bucket with packages and releases."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "GitHub's repository (owner/name), the branch that is deployed, the environment that deployments run in, and the account's provider for GitHub's tokens if it has one."
  type = object({
    repository        = string
    branch            = string
    environment       = string
    oidc_provider_arn = optional(string)
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.settings.repository))
    error_message = "ci.repository is ${var.settings.repository}; use owner/name, without wildcards."
  }
  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.settings.branch))
    error_message = "ci.branch is ${var.settings.branch}; use a branch's name, without wildcards."
  }
  validation {
    condition     = can(regex("^[A-Za-z0-9._-]+$", var.settings.environment))
    error_message = "ci.environment is ${var.settings.environment}; use an environment's name, without wildcards."
  }
  validation {
    condition     = var.settings.oidc_provider_arn == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.settings.oidc_provider_arn))
    error_message = "ci.oidc_provider_arn is not the ARN of an account's provider for token.actions.githubusercontent.com."
  }
}
