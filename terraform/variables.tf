variable "stage" {
  description = "Name of the stage: a file in stages/, and the workspace."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*$", var.stage)) && fileexists("stages/${var.stage}.tfvars")
    error_message = "stage is ${var.stage}; use ${join(", ", [for file in fileset("stages", "*.tfvars") : trimsuffix(file, ".tfvars")])}, or add stages/${var.stage}.tfvars."
  }
  validation {
    condition     = length(var.stage) <= min(values(local.stage_lengths)...)
    error_message = "Names on AWS would be too long: ${join(", ", [for name, length in local.stage_lengths : name if length(var.stage) > length])}; shorten these, the project's name or the stage's."
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
  description = "The functions with their packages, as `invoke build` writes them."
  type        = string
  default     = "../dist/functions.json"
  nullable    = false

  validation {
    condition     = fileexists(var.functions_file)
    error_message = "${var.functions_file} does not exist; run `invoke build`."
  }
  validation {
    condition     = fileexists(var.functions_file) ? try(jsondecode(file(var.functions_file)).format, 0) == 1 : true
    error_message = "${var.functions_file} is not of format 1, which this Terraform reads; run `invoke build` of the same checkout."
  }
  validation {
    condition     = fileexists(var.functions_file) ? can(regex("^python3\\.[0-9]+$", jsondecode(file(var.functions_file)).runtime)) : true
    error_message = "${var.functions_file} is not for a runtime of Python that Lambda has; run `invoke build` of the same checkout."
  }
  validation {
    condition     = fileexists(var.functions_file) ? can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", jsondecode(file(var.functions_file)).project)) : true
    error_message = "The project's name can't be part of names on AWS; use lowercase letters, digits and single dashes in pyproject.toml."
  }
  validation {
    # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
    condition     = fileexists(var.functions_file) ? !can(regex("aws|amazon|cognito", jsondecode(file(var.functions_file)).project)) : true
    error_message = "The project's name can't be part of a Cognito domain, which has neither aws, amazon nor cognito in it; change it in pyproject.toml."
  }
}

locals {
  reserved_variables = [
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "BUCKET_SUFFIX",
    "HTTP_ROUTE_GROUPS",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "LOG_LEVEL",
    "POWERTOOLS_LOG_LEVEL",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_SERVICE_NAME",
    "RESOURCE_PREFIX",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
  ]
}

variable "functions" {
  description = "What all functions of the stage have in common: log_level; database_concurrency is the reserved concurrency of functions that use the database and declare none (null: unreserved). environment has, by function, variables that are this stage's own, or differ from those of its manifest; no secrets."
  type = object({
    log_level            = optional(string, "INFO")
    database_concurrency = optional(number)
    environment          = optional(map(map(string)), {})
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
  validation {
    # As in manifests: toolchain/manifest/environment.py.
    condition = alltrue([for name in flatten([for variables in values(var.functions.environment) : keys(variables)]) :
      can(regex("^[A-Za-z][A-Za-z0-9_]+$", name)) && !startswith(name, "DATABASE_") && !contains(local.reserved_variables, name)
    ])
    error_message = "functions.environment has names that Lambda or the platform sets, or that are none: ${join(", ", sort(distinct(flatten([for variables in values(var.functions.environment) : [for name in keys(variables) : name if !can(regex("^[A-Za-z][A-Za-z0-9_]+$", name)) || startswith(name, "DATABASE_") || contains(local.reserved_variables, name)]]))))}; use others, of a letter, then letters, digits and _, and log_level for what functions log."
  }
}

variable "is_local_cloud" {
  description = "Whether this is the local cloud, whose database has no certificates of RDS. `invoke` sets it: no stage does."
  type        = bool
  default     = false
  nullable    = false
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
