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

variable "other_stages" {
  description = "Names of the project's other stages, which may be in the same account."
  type        = set(string)
  nullable    = false
}

variable "function_actions" {
  description = "What functions can be given, as IAM names actions, * included."
  type        = set(string)
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the stage's VPC."
  type        = string
  nullable    = false
}

variable "api_id" {
  description = "Id of the stage's HTTP API."
  type        = string
  nullable    = false
}

variable "user_pool_id" {
  description = "Id of the stage's user pool."
  type        = string
  nullable    = false
}

variable "artifact_bucket" {
  description = "Name of the bucket with packages and releases."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "GitHub's repository (owner/name), the environment that deployments run in (plans in the same with -plan behind), and the account's provider for GitHub's tokens if it has one."
  type = object({
    repository        = string
    environment       = string
    oidc_provider_arn = optional(string)
  })
  nullable = false
}

variable "zone_id" {
  description = "Id of the hosted zone with the API's domain; null: none."
  type        = string
  default     = null
}

variable "domain_name" {
  description = "The API's own domain; null: none."
  type        = string
  default     = null
}
