variable "database" {
  description = "The database. engine: mariadb, mysql or aurora-mysql; min_capacity and max_capacity are Aurora's, in ACU. use_proxy: whether functions connect through the proxy of enable_proxy; to remove a proxy without an interruption, deploy with false first."
  type = object({
    engine                   = optional(string, "mariadb")
    engine_version           = optional(string)
    instance_class           = optional(string, "db.t4g.micro")
    instances                = optional(number, 1)
    allocated_storage_gb     = optional(number, 20)
    max_allocated_storage_gb = optional(number, 100)
    multi_az                 = optional(bool, false)
    backup_retention_days    = optional(number, 7)
    max_connections          = optional(number, 60)
    enable_proxy             = optional(bool, false)
    use_proxy                = optional(bool, true)
    enable_insights          = optional(bool, false)
    monitoring_seconds       = optional(number, 0)
    min_capacity             = optional(number, 0.5)
    max_capacity             = optional(number, 2)
    seconds_until_pause      = optional(number, 3600)
    apply_immediately        = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["mariadb", "mysql", "aurora-mysql"], var.database.engine)
    error_message = "database.engine is ${var.database.engine}; use mariadb, mysql or aurora-mysql."
  }
  validation {
    condition     = var.database.engine_version == null ? true : can(regex("^[0-9]+\\.[0-9]+(\\.[0-9a-z_.]+)?$", var.database.engine_version))
    error_message = "database.engine_version is ${coalesce(var.database.engine_version, "null")}; use a version such as 10.11, or null for the engine's default."
  }
  validation {
    condition     = can(regex("^db\\.([a-z0-9-]+\\.[a-z0-9]+|serverless)$", var.database.instance_class))
    error_message = "database.instance_class is ${var.database.instance_class}; use a class such as db.t4g.micro."
  }
  validation {
    condition     = var.database.instances >= 1 && var.database.instances <= 16 && floor(var.database.instances) == var.database.instances
    error_message = "database.instances is ${var.database.instances}; use 1 to 16 (Aurora's writer and readers)."
  }
  validation {
    # gp3: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
    condition     = var.database.allocated_storage_gb >= 20 && var.database.allocated_storage_gb <= 65536 && floor(var.database.allocated_storage_gb) == var.database.allocated_storage_gb
    error_message = "database.allocated_storage_gb is ${var.database.allocated_storage_gb}; use 20 to 65536."
  }
  validation {
    condition     = var.database.max_allocated_storage_gb == 0 || var.database.max_allocated_storage_gb >= 1.1 * var.database.allocated_storage_gb
    error_message = "database.max_allocated_storage_gb is ${var.database.max_allocated_storage_gb}; use a tenth more than allocated_storage_gb (${var.database.allocated_storage_gb}) at least, or 0 for storage that does not grow."
  }
  validation {
    condition     = var.database.backup_retention_days >= 1 && var.database.backup_retention_days <= 35 && floor(var.database.backup_retention_days) == var.database.backup_retention_days
    error_message = "database.backup_retention_days is ${var.database.backup_retention_days}; use 1 to 35."
  }
  validation {
    condition     = var.database.max_connections >= 10 && var.database.max_connections <= 16000 && floor(var.database.max_connections) == var.database.max_connections
    error_message = "database.max_connections is ${var.database.max_connections}; use 10 to 16000."
  }
  validation {
    condition     = contains([0, 1, 5, 10, 15, 30, 60], var.database.monitoring_seconds)
    error_message = "database.monitoring_seconds is ${var.database.monitoring_seconds}; use 0 (none), 1, 5, 10, 15, 30 or 60."
  }
  validation {
    # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
    condition     = var.database.min_capacity >= 0 && var.database.max_capacity <= 256 && var.database.max_capacity >= 1 && var.database.min_capacity <= var.database.max_capacity && floor(2 * var.database.min_capacity) == 2 * var.database.min_capacity && floor(2 * var.database.max_capacity) == 2 * var.database.max_capacity
    error_message = "database.min_capacity is ${var.database.min_capacity} and max_capacity ${var.database.max_capacity}; use 0 to 256 in steps of 0.5, the maximum 1 or more and no less than the minimum."
  }
  validation {
    condition     = var.database.seconds_until_pause >= 300 && var.database.seconds_until_pause <= 86400
    error_message = "database.seconds_until_pause is ${var.database.seconds_until_pause}; use 300 to 86400."
  }
  validation {
    # Aurora resumes in about 15 s, and a proxy's open connections never let it pause.
    condition     = !(var.database.engine == "aurora-mysql" && var.database.min_capacity == 0 && var.database.enable_proxy)
    error_message = "database.min_capacity is 0 and enable_proxy is true; Aurora never pauses behind a proxy: use a min_capacity of 0.5 or more, or no proxy."
  }
  validation {
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.Engines.html
    condition     = !(var.database.enable_insights && can(regex("^db\\.t[0-9a-z]+\\.(micro|small)$", var.database.instance_class)) && var.database.engine != "aurora-mysql")
    error_message = "database.enable_insights is true; RDS has no Performance Insights on ${var.database.instance_class}: use db.t4g.medium or larger, or false."
  }
}

module "database" {
  source = "./modules/database"

  name                     = local.name
  place                    = local.place
  settings                 = var.database
  is_protected             = var.protected
  key_arn                  = module.encryption.key_arn
  subnet_ids               = module.network.subnet_ids
  security_group_id        = module.network.database_security_group_id
  proxy_security_group_ids = module.network.proxy_security_group_ids
  log_retention_days       = var.log_retention_days
  certificates_path        = fileexists("${path.root}/../${local.certificates}") ? "/var/task/${local.certificates}" : null
  permissions_boundary_arn = local.permissions_boundary_arn
}

# RDS has its own authorities: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
locals {
  certificates = "lib/database/rds.pem"
}
