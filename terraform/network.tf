variable "network" {
  description = "The VPC: its block of addresses, the letters of its availability zones, and in how many of them functions find interface endpoints and NAT gateways (each costs by the hour; without a NAT gateway, functions with a database do not reach the internet)."
  type = object({
    cidr_block     = optional(string, "10.0.0.0/16")
    zones          = optional(set(string), ["a", "b"])
    endpoint_zones = optional(number, 1)
    nat_zones      = optional(number, 0)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(cidrsubnet(var.network.cidr_block, 4, 0)) && try(tonumber(split("/", var.network.cidr_block)[1]) >= 16 && tonumber(split("/", var.network.cidr_block)[1]) <= 24, false)
    error_message = "network.cidr_block is ${var.network.cidr_block}; use a block from /16 to /24, such as 10.0.0.0/16."
  }
  validation {
    # RDS: a subnet group has subnets in two zones at least.
    condition     = length(var.network.zones) >= 2 && length(var.network.zones) <= 6 && alltrue([for zone in var.network.zones : can(regex("^[a-f]$", zone))])
    error_message = "network.zones is [${join(", ", var.network.zones)}]; use 2 to 6 letters from a to f."
  }
  validation {
    condition     = var.network.endpoint_zones >= 1 && var.network.endpoint_zones <= length(var.network.zones) && floor(var.network.endpoint_zones) == var.network.endpoint_zones
    error_message = "network.endpoint_zones is ${var.network.endpoint_zones}; use 1 to ${length(var.network.zones)}, the number of network.zones."
  }
  validation {
    condition     = var.network.nat_zones >= 0 && var.network.nat_zones <= length(var.network.zones) && floor(var.network.nat_zones) == var.network.nat_zones
    error_message = "network.nat_zones is ${var.network.nat_zones}; use 0 (none) to ${length(var.network.zones)}, the number of network.zones."
  }
}

module "network" {
  source = "./modules/network"

  name                     = local.name
  place                    = local.place
  cidr_block               = var.network.cidr_block
  zones                    = var.network.zones
  endpoint_zones           = var.network.endpoint_zones
  nat_zones                = var.network.nat_zones
  gateways                 = setintersection(local.services, local.gateways)
  interfaces               = { for service, endpoint in local.interfaces : service => endpoint if contains(local.services, service) }
  enable_proxy             = var.database.enable_proxy
  key_arn                  = module.encryption.key_arn
  log_retention_days       = var.log_retention_days
  permissions_boundary_arn = local.permissions_boundary_arn
}

# What functions in the VPC can reach. An endpoint is made when a function there may call its service.
locals {
  gateways = toset(["dynamodb", "s3"])

  # What IAM calls a service, and what its endpoint is called.
  # https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
  interfaces = {
    cloudwatch     = "monitoring"
    cognito-idp    = "cognito-idp"
    events         = "events"
    firehose       = "kinesis-firehose"
    kinesis        = "kinesis-streams"
    kms            = "kms"
    lambda         = "lambda"
    secretsmanager = "secretsmanager"
    sns            = "sns"
    sqs            = "sqs"
    ssm            = "ssm"
    states         = "states"
    sts            = "sts"
  }

  # Lambda delivers logs and traces itself, and database tokens are signed without a call.
  without_endpoint = toset(["logs", "rds-db", "xray"])
  reachable        = setunion(local.gateways, keys(local.interfaces), local.without_endpoint)
}
