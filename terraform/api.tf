variable "api" {
  description = "The HTTP API: CORS, throttling, and its own domain (null: AWS's address). zone_id: where its DNS records are made (null: you make them, see the output api_domain); disable_execute_api_endpoint closes AWS's address (null: where the records are made here)."
  type = object({
    cors = optional(object({
      allow_origins     = set(string)
      allow_methods     = optional(set(string), ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
      allow_headers     = optional(set(string), ["authorization", "content-type"])
      expose_headers    = optional(set(string), [])
      allow_credentials = optional(bool, false)
      max_age_seconds   = optional(number, 300)
    }))
    throttling_rate_limit  = optional(number, 100)
    throttling_burst_limit = optional(number, 200)
    domain = optional(object({
      name            = string
      certificate_arn = string
      zone_id         = optional(string)

      disable_execute_api_endpoint = optional(bool)
    }))
  })
  default  = {}
  nullable = false

  validation {
    # Fetch, CORS protocol and credentials: browsers refuse * together with credentials, and it should be meant.
    condition     = var.api.cors == null ? true : !(var.api.cors.allow_credentials && contains(setunion(var.api.cors.allow_origins, var.api.cors.allow_headers, var.api.cors.allow_methods), "*"))
    error_message = "api.cors.allow_credentials is true beside a *; name the origins, headers and methods."
  }
  validation {
    condition     = var.api.cors == null ? true : alltrue([for origin in var.api.cors.allow_origins : can(regex("^(\\*|https?://(\\*|[^/*]+))$", origin))])
    error_message = "api.cors.allow_origins: use origins without a path, such as https://app.example.com."
  }
  validation {
    condition     = var.api.cors == null ? true : var.api.cors.max_age_seconds >= -1 && var.api.cors.max_age_seconds <= 86400
    error_message = "api.cors.max_age_seconds is out of its range; use -1 to 86400."
  }
  validation {
    condition     = var.api.throttling_rate_limit >= 1 && var.api.throttling_burst_limit >= 1 && floor(var.api.throttling_burst_limit) == var.api.throttling_burst_limit
    error_message = "api.throttling_rate_limit is ${var.api.throttling_rate_limit} and throttling_burst_limit ${var.api.throttling_burst_limit}; use 1 or more, since 0 refuses every request."
  }
  validation {
    condition     = var.api.domain == null ? true : can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.api.domain.certificate_arn))
    error_message = "api.domain.certificate_arn is not the ARN of an ACM certificate in the stage's region."
  }
  validation {
    condition     = var.api.domain == null ? true : can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.api.domain.name))
    error_message = "api.domain.name is not a host name, such as api.example.com."
  }
}

# Without records that are made here, AWS's address is the only one there is until somebody has made them.
locals {
  is_at_domain_alone = var.api.domain == null ? false : coalesce(var.api.domain.disable_execute_api_endpoint, var.api.domain.zone_id != null)
}

module "api" {
  source = "./modules/api"

  name     = local.name
  settings = merge(var.api, { disable_execute_api_endpoint = local.is_at_domain_alone })
  routes   = local.routes
  functions = { for name in distinct([for route in local.routes : route.function]) : name => {
    function_name    = module.function[name].function_name
    alias_invoke_arn = module.function[name].alias_invoke_arn
  } }
  issuer             = "https://${module.auth.user_pool_endpoint}"
  audience           = module.auth.client_id
  key_arn            = module.encryption.key_arn
  log_retention_days = var.log_retention_days
}
