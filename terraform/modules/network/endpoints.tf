locals {
  endpoint_zones = slice(sort(var.zones), 0, var.endpoint_zones)

  # Only this account's principals: nothing is carried out with someone else's credentials.
  endpoint_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnPrincipals"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = "*"
        Resource  = "*" # narrowed by the condition; what each may do is for its own policy
        Condition = { StringEquals = { "aws:PrincipalAccount" = var.place.account_id } }
      },
    ]
  })
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = var.gateways

  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.place.region}.${each.key}"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for zone in sort(var.zones) : aws_route_table.private[zone].id]
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
  for_each = var.interfaces

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
  count = length(var.interfaces) > 0 ? 1 : 0

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
