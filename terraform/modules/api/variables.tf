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

  validation {
    condition     = length(var.routes) <= 300
    error_message = "There are ${length(var.routes)} routes; an HTTP API has 300 at most."
  }
  validation {
    # Without a scope, an ID token would pass as an access token.
    condition     = alltrue([for route in var.routes : route.auth == "none" || (route.auth == "jwt" && length(route.scopes) > 0)])
    error_message = "Routes with neither auth none nor a scope: ${join(", ", [for key, route in var.routes : key if !(route.auth == "none" || (route.auth == "jwt" && length(route.scopes) > 0))])}; give each a scope."
  }
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
    throttling_rate_limit  = number
    throttling_burst_limit = number
    domain = optional(object({
      name            = string
      certificate_arn = string
      zone_id         = optional(string)
    }))
  })
  nullable = false

  validation {
    # Fetch, CORS protocol and credentials: browsers refuse * together with credentials, and it should be meant.
    condition     = var.settings.cors == null ? true : !(var.settings.cors.allow_credentials && contains(setunion(var.settings.cors.allow_origins, var.settings.cors.allow_headers, var.settings.cors.allow_methods), "*"))
    error_message = "api.cors.allow_credentials is true beside a *; name the origins, headers and methods."
  }
  validation {
    condition     = var.settings.cors == null ? true : alltrue([for origin in var.settings.cors.allow_origins : can(regex("^(\\*|https?://(\\*|[^/*]+))$", origin))])
    error_message = "api.cors.allow_origins: use origins without a path, such as https://app.example.com."
  }
  validation {
    condition     = var.settings.cors == null ? true : var.settings.cors.max_age_seconds >= -1 && var.settings.cors.max_age_seconds <= 86400
    error_message = "api.cors.max_age_seconds is out of its range; use -1 to 86400."
  }
  validation {
    condition     = var.settings.throttling_rate_limit >= 1 && var.settings.throttling_burst_limit >= 1 && floor(var.settings.throttling_burst_limit) == var.settings.throttling_burst_limit
    error_message = "api.throttling_rate_limit is ${var.settings.throttling_rate_limit} and throttling_burst_limit ${var.settings.throttling_burst_limit}; use 1 or more, since 0 refuses every request."
  }
  validation {
    condition     = var.settings.domain == null ? true : can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.settings.domain.certificate_arn))
    error_message = "api.domain.certificate_arn is not the ARN of an ACM certificate in the stage's region."
  }
  validation {
    condition     = var.settings.domain == null ? true : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.settings.domain.name))
    error_message = "api.domain.name is not a host name, such as api.example.com."
  }
}
