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
    engine                     = string
    engine_version             = optional(string)
    instance_class             = string
    instances                  = number
    allocated_storage_gb       = number
    max_allocated_storage_gb   = number
    multi_az                   = bool
    backup_retention_days      = number
    max_connections            = number
    enable_proxy               = bool
    enable_insights            = bool
    monitoring_seconds         = number
    min_capacity               = number
    max_capacity               = number
    seconds_until_pause        = number
    apply_immediately          = bool
    certificate_authority_path = string
  })
  nullable = false

  validation {
    condition     = contains(keys(local.engines), var.settings.engine)
    error_message = "database.engine is ${var.settings.engine}; use ${join(", ", keys(local.engines))}."
  }
  validation {
    condition     = var.settings.engine_version == null ? true : can(regex("^[0-9]+\\.[0-9]+(\\.[0-9a-z_.]+)?$", var.settings.engine_version))
    error_message = "database.engine_version is ${coalesce(var.settings.engine_version, "null")}; use a version such as 10.11, or null for the engine's default."
  }
  validation {
    condition     = can(regex("^db\\.([a-z0-9-]+\\.[a-z0-9]+|serverless)$", var.settings.instance_class))
    error_message = "database.instance_class is ${var.settings.instance_class}; use a class such as db.t4g.micro."
  }
  validation {
    condition     = var.settings.instances >= 1 && var.settings.instances <= 16 && floor(var.settings.instances) == var.settings.instances
    error_message = "database.instances is ${var.settings.instances}; use 1 to 16 (Aurora's writer and readers)."
  }
  validation {
    # gp3: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
    condition     = var.settings.allocated_storage_gb >= 20 && var.settings.allocated_storage_gb <= 65536 && floor(var.settings.allocated_storage_gb) == var.settings.allocated_storage_gb
    error_message = "database.allocated_storage_gb is ${var.settings.allocated_storage_gb}; use 20 to 65536."
  }
  validation {
    condition     = var.settings.max_allocated_storage_gb == 0 || var.settings.max_allocated_storage_gb >= 1.1 * var.settings.allocated_storage_gb
    error_message = "database.max_allocated_storage_gb is ${var.settings.max_allocated_storage_gb}; use a tenth more than allocated_storage_gb (${var.settings.allocated_storage_gb}) at least, or 0 for storage that does not grow."
  }
  validation {
    condition     = var.settings.backup_retention_days >= 1 && var.settings.backup_retention_days <= 35 && floor(var.settings.backup_retention_days) == var.settings.backup_retention_days
    error_message = "database.backup_retention_days is ${var.settings.backup_retention_days}; use 1 to 35."
  }
  validation {
    condition     = var.settings.max_connections >= 10 && var.settings.max_connections <= 16000 && floor(var.settings.max_connections) == var.settings.max_connections
    error_message = "database.max_connections is ${var.settings.max_connections}; use 10 to 16000."
  }
  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.settings.monitoring_seconds)
    error_message = "database.monitoring_seconds is ${var.settings.monitoring_seconds}; use 0 (none), 1, 5, 10, 15, 30 or 60."
  }
  validation {
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
    condition     = var.settings.min_capacity >= 0 && var.settings.max_capacity <= 256 && var.settings.max_capacity >= 1 && var.settings.min_capacity <= var.settings.max_capacity && floor(2 * var.settings.min_capacity) == 2 * var.settings.min_capacity && floor(2 * var.settings.max_capacity) == 2 * var.settings.max_capacity
    error_message = "database.min_capacity is ${var.settings.min_capacity} and max_capacity ${var.settings.max_capacity}; use 0 to 256 in steps of 0.5, the maximum 1 or more and no less than the minimum."
  }
  validation {
    condition     = var.settings.seconds_until_pause >= 300 && var.settings.seconds_until_pause <= 86400
    error_message = "database.seconds_until_pause is ${var.settings.seconds_until_pause}; use 300 to 86400."
  }
  validation {
    # Aurora resumes in about 15 s, and a proxy's open connections never let it pause.
    condition     = !(var.settings.engine == "aurora-mysql" && var.settings.min_capacity == 0 && var.settings.enable_proxy)
    error_message = "database.min_capacity is 0 and enable_proxy is true; Aurora never pauses behind a proxy: use a min_capacity of 0.5 or more, or no proxy."
  }
  validation {
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
    condition     = !(var.settings.enable_insights && can(regex("^db\\.t[0-9a-z]+\\.(micro|small)$", var.settings.instance_class)) && var.settings.engine != "aurora-mysql")
    error_message = "database.enable_insights is true; RDS has no Performance Insights on ${var.settings.instance_class}: use db.t4g.medium or larger, or false."
  }
}
