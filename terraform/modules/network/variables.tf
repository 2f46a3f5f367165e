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
}

variable "zones" {
  description = "Letters of the availability zones, one private subnet in each."
  type        = set(string)
  nullable    = false
}

variable "endpoint_zones" {
  description = "In how many zones each interface endpoint is: one is cheap, all are available when a zone is not."
  type        = number
  nullable    = false
}

variable "nat_zones" {
  description = "In how many zones there is a NAT gateway; none: functions do not reach the internet."
  type        = number
  nullable    = false
}

variable "gateways" {
  description = "Services that functions in the VPC reach by a route, without charge: s3, dynamodb."
  type        = set(string)
  nullable    = false
}

variable "interfaces" {
  description = "Services that functions in the VPC reach through interface endpoints: the endpoint's name by the service's."
  type        = map(string)
  nullable    = false
}

variable "enable_proxy" {
  description = "Whether RDS Proxy stands before the database."
  type        = bool
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "ARN of the policy that bounds what roles may be given; null: none."
  type        = string
  default     = null
}
