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
}

variable "topics" {
  description = "Names of topics."
  type        = set(string)
  nullable    = false
}

variable "tables" {
  description = "DynamoDB tables whose changes functions get, with the attribute, a text, that is their key."
  type        = map(string)
  nullable    = false
}

variable "buckets" {
  description = "Names of buckets whose changes functions get."
  type        = set(string)
  nullable    = false
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
