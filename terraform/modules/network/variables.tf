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

variable "cidr_block" {
  description = "The VPC's block of addresses."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.cidr_block, 4, 0)) && try(tonumber(split("/", var.cidr_block)[1]) >= 16 && tonumber(split("/", var.cidr_block)[1]) <= 24, false)
    error_message = "network.cidr_block is ${var.cidr_block}; use a block from /16 to /24, such as 10.0.0.0/16."
  }
}

variable "zones" {
  description = "Letters of the availability zones, one private subnet in each."
  type        = set(string)
  nullable    = false

  validation {
    # RDS: a subnet group has subnets in two zones at least.
    condition     = length(var.zones) >= 2 && length(var.zones) <= 6 && alltrue([for zone in var.zones : can(regex("^[a-f]$", zone))])
    error_message = "network.zones is [${join(", ", var.zones)}]; use 2 to 6 letters from a to f."
  }
}

variable "endpoint_zones" {
  description = "In how many zones each interface endpoint is: one is cheap, all are available when a zone is not."
  type        = number
  nullable    = false

  validation {
    condition     = var.endpoint_zones >= 1 && var.endpoint_zones <= length(var.zones) && floor(var.endpoint_zones) == var.endpoint_zones
    error_message = "network.endpoint_zones is ${var.endpoint_zones}; use 1 to ${length(var.zones)}, the number of network.zones."
  }
}

variable "services" {
  description = "AWS services, as IAM actions name them, that functions in the VPC call."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for service in var.services : contains(local.reachable, service)])
    error_message = "functions with a database are in the VPC, where ${join(", ", setsubtract(var.services, local.reachable))} can't be reached; let a function without a database call it. There are endpoints for ${join(", ", sort(local.reachable))}."
  }
}

variable "enable_proxy" {
  description = "Whether RDS Proxy stands before the database."
  type        = bool
  nullable    = false
}
