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

variable "is_protected" {
  description = "Whether the stage holds what must not be lost."
  type        = bool
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the stage's KMS key."
  type        = string
  nullable    = false
}

variable "queues" {
  description = "Queues that functions work on, by name; names that end in .fifo are FIFO queues."
  type        = map(object({ visibility_timeout_seconds = number }))
  nullable    = false

  validation {
    condition     = alltrue([for queue in var.queues : queue.visibility_timeout_seconds <= 43200])
    error_message = "A queue's messages would stay invisible for more than SQS's 12 hours; give the function a shorter timeout."
  }
  validation {
    condition     = alltrue([for name in keys(var.queues) : length("${var.name}-${trimsuffix(name, ".fifo")}-dlq.fifo") <= 80])
    error_message = "With ${var.name}- before and -dlq after it, a queue's name has more than SQS's 80 characters; shorten ${join(", ", keys(var.queues))}."
  }
}

variable "topics" {
  description = "Names of topics."
  type        = set(string)
  nullable    = false
}

variable "tables" {
  description = "Names of DynamoDB tables whose changes functions get; their key is the text `id`."
  type        = set(string)
  nullable    = false
}

variable "buckets" {
  description = "Names of buckets whose changes functions get."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in var.buckets : length("${var.name}-${name}") <= 63])
    error_message = "With ${var.name}- before it, a bucket's name has more than S3's 63 characters; shorten ${join(", ", var.buckets)}."
  }
}

variable "buses" {
  description = "Names of event buses besides the default one."
  type        = set(string)
  nullable    = false
}

variable "notifications" {
  description = "What buckets announce to which function."
  type = list(object({
    id       = string
    function = string
    bucket   = string
    events   = list(string)
    prefix   = string
    suffix   = string
  }))
  nullable = false
}

variable "aliases" {
  description = "ARNs of the aliases that notifications call, by function."
  type        = map(string)
  nullable    = false
}

variable "permissions" {
  description = "Ids of the permissions that let buckets call functions; notifications wait for them."
  type        = list(string)
  nullable    = false
}
