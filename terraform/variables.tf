variable "stage" {
  description = "Name of the stage: a file in stages/, and the workspace."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.stage)) && fileexists("${path.root}/stages/${var.stage}.tfvars")
    error_message = "stage is ${var.stage}; use ${join(", ", [for file in fileset("${path.root}/stages", "*.tfvars") : trimsuffix(file, ".tfvars")])}, or add stages/${var.stage}.tfvars."
  }
}

variable "account_id" {
  description = "The AWS account of the stage; the provider refuses credentials of any other."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}; use the 12 digits of an AWS account."
  }
}

variable "region" {
  description = "The AWS region of the stage."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is ${var.region}; use a region such as eu-west-1."
  }
}

variable "functions_file" {
  description = "The functions with their packages, as `invoke build` writes them; from the root module or absolute."
  type        = string
  default     = "../dist/functions.json"
  nullable    = false

  validation {
    condition     = fileexists(startswith(var.functions_file, "/") ? var.functions_file : "${path.root}/${var.functions_file}")
    error_message = "functions_file ${var.functions_file} does not exist; run `invoke build`."
  }
}

variable "functions" {
  description = "What all functions of the stage have in common: log_level; database_concurrency is the reserved concurrency of functions that use the database and declare none (null: unreserved)."
  type = object({
    log_level            = optional(string, "INFO")
    database_concurrency = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.functions.log_level)
    error_message = "functions.log_level is ${var.functions.log_level}; use DEBUG, INFO, WARNING or ERROR."
  }
  validation {
    condition     = var.functions.database_concurrency == null ? true : var.functions.database_concurrency >= 1 && floor(var.functions.database_concurrency) == var.functions.database_concurrency
    error_message = "functions.database_concurrency must be a whole number of 1 or more, or null."
  }
}

variable "protected" {
  description = "Whether the stage holds what must not be lost: deletion protection of the database and the user pool, a final snapshot, buckets that are not emptied to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "log_retention_days" {
  description = "How long CloudWatch keeps the stage's logs."
  type        = number
  default     = 365
  nullable    = false

  validation {
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is ${var.log_retention_days}; use a period that CloudWatch Logs has, such as 14, 30, 90 or 365."
  }
}

variable "network" {
  description = "The VPC: its block of addresses, the letters of its availability zones, and in how many of them functions find interface endpoints (each costs by the hour)."
  type = object({
    cidr_block     = optional(string, "10.0.0.0/16")
    zones          = optional(set(string), ["a", "b"])
    endpoint_zones = optional(number, 1)
  })
  default  = {}
  nullable = false
}

variable "database" {
  description = "The database. engine: mariadb, mysql or aurora-mysql; min_capacity and max_capacity are Aurora's, in ACU."
  type = object({
    engine                     = optional(string, "mariadb")
    engine_version             = optional(string)
    instance_class             = optional(string, "db.t4g.micro")
    instances                  = optional(number, 1)
    allocated_storage_gb       = optional(number, 20)
    max_allocated_storage_gb   = optional(number, 100)
    multi_az                   = optional(bool, false)
    backup_retention_days      = optional(number, 7)
    max_connections            = optional(number, 60)
    enable_proxy               = optional(bool, false)
    enable_insights            = optional(bool, false)
    monitoring_seconds         = optional(number, 0)
    min_capacity               = optional(number, 0.5)
    max_capacity               = optional(number, 2)
    seconds_until_pause        = optional(number, 3600)
    apply_immediately          = optional(bool, false)
    certificate_authority_path = optional(string, "/var/task/lib/database/certificates/rds.pem")
  })
  default  = {}
  nullable = false
}

variable "auth" {
  description = "Sign-in. callback_urls and logout_urls: pages of the app that uses the hosted UI (none: no OAuth); ses_identity_arn: who sends the mails (null: Cognito, 50 a day)."
  type = object({
    mfa                       = optional(string, "OPTIONAL")
    enable_user_password_auth = optional(bool, false)
    enable_self_sign_up       = optional(bool, true)
    callback_urls             = optional(set(string), [])
    logout_urls               = optional(set(string), [])
    access_token_minutes      = optional(number, 60)
    refresh_token_days        = optional(number, 30)
    minimum_password_length   = optional(number, 12)
    enable_threat_protection  = optional(bool, false)
    ses_identity_arn          = optional(string)
    from_email_address        = optional(string)
  })
  default  = {}
  nullable = false
}

variable "api" {
  description = "The HTTP API: CORS, throttling, and its own domain (null: AWS's address)."
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
    }))
  })
  default  = {}
  nullable = false
}

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
}

variable "ci" {
  description = "Roles for GitHub's workflows (null: none). oidc_provider_arn: the account's provider for GitHub's tokens, if it has one already; environment: null is the stage's name."
  type = object({
    repository        = string
    branch            = optional(string, "main")
    environment       = optional(string)
    oidc_provider_arn = optional(string)
  })
  default = null
}
