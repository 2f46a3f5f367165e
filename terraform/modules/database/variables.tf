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

variable "log_retention_days" {
  description = "How long CloudWatch keeps logs."
  type        = number
  nullable    = false
}

variable "subnet_ids" {
  description = "Ids of the private subnets."
  type        = list(string)
  nullable    = false
}

variable "security_group_id" {
  description = "Id of the database's security group."
  type        = string
  nullable    = false
}

variable "proxy_security_group_ids" {
  description = "Ids of RDS Proxy's security groups; none without a proxy."
  type        = list(string)
  nullable    = false
}

variable "settings" {
  description = "The database, as the root variable `database` describes it."
  type = object({
    engine                   = string
    engine_version           = optional(string)
    instance_class           = string
    instances                = number
    allocated_storage_gb     = number
    max_allocated_storage_gb = number
    multi_az                 = bool
    backup_retention_days    = number
    max_connections          = number
    enable_proxy             = bool
    use_proxy                = bool
    enable_insights          = bool
    monitoring_seconds       = number
    min_capacity             = number
    max_capacity             = number
    seconds_until_pause      = number
    apply_immediately        = bool
  })
  nullable = false
}

variable "certificates_path" {
  description = "Where in their packages functions find the certificates of RDS's authorities; null: they trust the system's."
  type        = string
  default     = null
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds what roles may be given; null: none."
  type        = string
  default     = null
}
