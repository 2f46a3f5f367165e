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

variable "functions" {
  description = "Functions, by the name in their manifest."
  type        = map(object({ function_name = string, timeout_seconds = number }))
  nullable    = false
}

variable "failure_queues" {
  description = "Names of queues that should be empty, by what fills them."
  type        = map(string)
  nullable    = false
}

variable "api_id" {
  description = "Id of the HTTP API."
  type        = string
  nullable    = false
}

variable "database" {
  description = "The database: what its metrics are found by, and its limits."
  type = object({
    identifier           = string
    is_cluster           = bool
    max_connections      = number
    allocated_storage_gb = number
  })
  nullable = false
}

variable "settings" {
  description = "Alarms, dashboard and budget, as the root variable `observability` describes them."
  type = object({
    enable_alarms      = bool
    enable_dashboard   = bool
    monthly_budget_usd = optional(number)
    emails             = set(string)
  })
  nullable = false
}
