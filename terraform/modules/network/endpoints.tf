locals {
  # Free, and by route.
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

  wanted_gateways   = setintersection(var.services, local.gateways)
  wanted_interfaces = { for service, endpoint in local.interfaces : service => endpoint if contains(var.services, service) }
  endpoint_zones    = slice(sort(var.zones), 0, var.endpoint_zones)

  # Only this account's principals: nothing is carried out with someone else's credentials.
  endpoint_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipals"
        Effect    = "Allow"
        Principal = { AWS = "*" } # narrowed by the condition; what each may do is for its own policy
        Action    = "*"
        Resource  = "*"
        Condition = { StringEquals = { "aws:PrincipalAccount" = var.place.account_id } }
      },
    ]
  })
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = local.wanted_gateways

  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.place.region}.${each.key}"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
  policy            = local.endpoint_policy

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "functions_to_gateway" {
  for_each = aws_vpc_endpoint.gateway

  description       = "Functions call ${each.key}"
  security_group_id = aws_security_group.functions.id
  prefix_list_id    = each.value.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.wanted_interfaces

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.place.region}.${each.value}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for zone in local.endpoint_zones : aws_subnet.private[zone].id]
  security_group_ids  = aws_security_group.endpoints[*].id
  policy              = local.endpoint_policy

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_security_group" "endpoints" {
  count = length(local.wanted_interfaces) > 0 ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "Interface endpoints of AWS services"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_functions" {
  count = length(aws_security_group.endpoints)

  description                  = "Functions call AWS services"
  security_group_id            = aws_security_group.endpoints[0].id
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "functions_to_endpoints" {
  count = length(aws_security_group.endpoints)

  description                  = "Functions call AWS services"
  security_group_id            = aws_security_group.functions.id
  referenced_security_group_id = aws_security_group.endpoints[0].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
