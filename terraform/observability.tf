variable "observability" {
  description = "Alarms, dashboard and budget; emails are told of alarms and of the budget (US dollars a month; null: no budget)."
  type = object({
    enable_alarms      = optional(bool, true)
    enable_dashboard   = optional(bool, true)
    monthly_budget_usd = optional(number)
    emails             = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for email in var.observability.emails : can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", email))])
    error_message = "observability.emails has something that is no e-mail address; use addresses such as ops@example.com."
  }
  validation {
    condition     = var.observability.monthly_budget_usd == null ? true : var.observability.monthly_budget_usd > 0
    error_message = "observability.monthly_budget_usd must be more than 0, or null for no budget."
  }
  validation {
    condition     = var.observability.monthly_budget_usd == null || length(var.observability.emails) > 0
    error_message = "observability.monthly_budget_usd is set and emails is empty; nobody would be told."
  }
}

module "observability" {
  source = "./modules/observability"

  name           = local.name
  place          = local.place
  settings       = var.observability
  key_arn        = module.encryption.key_arn
  functions      = { for name, function in module.function : name => { function_name = function.function_name, timeout_seconds = local.functions[name].timeout_seconds } }
  failure_queues = merge(module.sources.dead_letter_queue_names, { for name, function in module.function : name => function.failure_queue_name if function.failure_queue_name != null })
  api_id         = module.api.api_id
  database       = { identifier = module.database.identifier, is_cluster = module.database.is_cluster, max_connections = var.database.max_connections, allocated_storage_gb = var.database.allocated_storage_gb }
}
