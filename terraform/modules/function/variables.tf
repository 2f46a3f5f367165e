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

variable "log_retention_days" {
  description = "How long CloudWatch keeps logs."
  type        = number
  nullable    = false
}

variable "function" {
  description = "The function, as dist/functions.json declares it."
  type = object({
    name                   = string
    description            = string
    handler                = string
    architecture           = string
    memory_mb              = number
    timeout_seconds        = number
    ephemeral_storage_mb   = number
    maximum_retry_attempts = number
    database               = string
    environment            = map(string)
    layers                 = list(string)
    permissions = list(object({
      actions    = list(string)
      resources  = list(string)
      reason     = optional(string)
      conditions = list(object({ test = string, variable = string, values = list(string) }))
    }))
    triggers = object({
      schedule        = list(object({ expression = string, timezone = string, input = optional(string) }))
      sqs             = list(object({ queue = string, batch_size = number, maximum_batching_window_seconds = number, report_batch_item_failures = bool, maximum_concurrency = optional(number) }))
      sns             = list(object({ topic = string, filter_policy = optional(string) }))
      s3              = list(object({ bucket = string }))
      eventbridge     = list(object({ bus = string, pattern = string }))
      dynamodb_stream = list(object({ table = string, starting_position = string, batch_size = number, maximum_batching_window_seconds = number, maximum_retry_attempts = number, report_batch_item_failures = bool }))
    })
    zip = object({ sha256_base64 = string })
  })
  nullable = false
}

variable "runtime" {
  description = "Lambda's runtime, such as python3.13."
  type        = string
  nullable    = false
}

variable "package" {
  description = "Where the function's zip is."
  type        = object({ bucket = string, key = string })
  nullable    = false
}

variable "log_level" {
  description = "What the function logs: DEBUG, INFO, WARNING or ERROR and above."
  type        = string
  nullable    = false
}

variable "reserved_concurrency" {
  description = "Instances at once, at most; null: whatever the account has left."
  type        = number
  default     = null
}

variable "network" {
  description = "Where in the VPC the function is; null: outside."
  type        = object({ subnet_ids = list(string), security_group_id = string })
  default     = null
}

variable "database" {
  description = "How the function connects to the database, and what its role may do for it; null: not at all."
  type = object({
    environment = map(string)
    statements  = list(object({ actions = list(string), resources = list(string) }))
  })
  default = null
}

variable "sources" {
  description = "ARNs of what triggers name, by name: queues, topics, streams, buckets and buses; tables for permissions."
  type = object({
    queues  = map(string)
    topics  = map(string)
    tables  = map(string)
    streams = map(string)
    buckets = map(string)
    buses   = map(string)
  })
  nullable = false
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds what roles may be given; null: none."
  type        = string
  default     = null
}
