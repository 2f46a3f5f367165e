variable "name" {
  description = "Prefix of all names: <project>-<stage>."
  type        = string
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the stage's KMS key."
  type        = string
  nullable    = false
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps logs."
  type        = number
  nullable    = false
}

variable "routes" {
  description = "The routes by route key, as dist/functions.json has them, each with its function."
  type = map(object({
    method                 = string
    path                   = string
    auth                   = string
    scopes                 = list(string)
    payload_format_version = string
    function               = string
  }))
  nullable = false
}

variable "functions" {
  description = "Functions that routes name, with the address of their alias live."
  type        = map(object({ function_name = string, alias_invoke_arn = string }))
  nullable    = false
}

variable "issuer" {
  description = "Issuer of the tokens: the user pool's URL."
  type        = string
  nullable    = false
}

variable "audience" {
  description = "The app client whose tokens are accepted."
  type        = string
  nullable    = false
}

variable "settings" {
  description = "The API, as the root variable `api` describes it."
  type = object({
    cors = optional(object({
      allow_origins     = set(string)
      allow_methods     = set(string)
      allow_headers     = set(string)
      expose_headers    = set(string)
      allow_credentials = bool
      max_age_seconds   = number
    }))
    throttling_rate_limit        = number
    throttling_burst_limit       = number
    disable_execute_api_endpoint = bool
    domain = optional(object({
      name            = string
      certificate_arn = string
      zone_id         = optional(string)
    }))
  })
  nullable = false
}
