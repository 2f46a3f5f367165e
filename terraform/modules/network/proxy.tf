resource "aws_security_group" "proxy" {
  count = var.enable_proxy ? 1 : 0

  name        = "${var.name}-proxy"
  description = "RDS Proxy"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-proxy" }
}

resource "aws_vpc_security_group_egress_rule" "functions_to_proxy" {
  count = var.enable_proxy ? 1 : 0

  description                  = "Functions connect to the proxy"
  security_group_id            = aws_security_group.functions.id
  referenced_security_group_id = aws_security_group.proxy[0].id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_ingress_rule" "proxy_from_functions" {
  count = var.enable_proxy ? 1 : 0

  description                  = "Functions connect to the proxy"
  security_group_id            = aws_security_group.proxy[0].id
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_egress_rule" "proxy_to_database" {
  count = var.enable_proxy ? 1 : 0

  description                  = "The proxy connects to the database"
  security_group_id            = aws_security_group.proxy[0].id
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}

resource "aws_vpc_security_group_ingress_rule" "database_from_proxy" {
  count = var.enable_proxy ? 1 : 0

  description                  = "The proxy connects to the database"
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.proxy[0].id
  ip_protocol                  = "tcp"
  from_port                    = 3306
  to_port                      = 3306
}
