# The way out, if the stage pays for one: HTTPS only, and nobody comes in.
locals {
  nat_zones = slice(sort(var.zones), 0, var.nat_zones)

  # The zone whose NAT gateway a zone uses: its own, or the first.
  nat_zone = { for zone in var.zones : zone => contains(local.nat_zones, zone) ? zone : local.nat_zones[0] if var.nat_zones > 0 }
}

resource "aws_internet_gateway" "this" {
  count = var.nat_zones > 0 ? 1 : 0

  vpc_id = aws_vpc.this.id

  tags = { Name = var.name }
}

# Of the NAT gateways, and of nothing else. The private subnets have the first six blocks.
resource "aws_subnet" "public" {
  for_each = toset(local.nat_zones)

  vpc_id                  = aws_vpc.this.id
  availability_zone       = "${var.place.region}${each.key}"
  cidr_block              = cidrsubnet(var.cidr_block, 4, 8 + local.zone_indexes[each.key])
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-public-${each.key}" }
}

resource "aws_route_table" "public" {
  count = length(aws_internet_gateway.this)

  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-public" }
}

resource "aws_route" "out" {
  count = length(aws_internet_gateway.this)

  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  subnet_id      = each.value.id
  route_table_id = aws_route_table.public[0].id
}

# Who is called from here sees this address, whatever becomes of the gateway: partners may have it on a list.
resource "aws_eip" "nat" {
  for_each = aws_subnet.public

  domain = "vpc"

  tags = { Name = "${var.name}-nat-${each.key}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  for_each = aws_subnet.public

  subnet_id     = each.value.id
  allocation_id = aws_eip.nat[each.key].id

  tags = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route" "to_nat" {
  for_each = local.nat_zone

  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.value].id
}

resource "aws_vpc_security_group_egress_rule" "functions_to_internet" {
  count = length(aws_internet_gateway.this)

  description       = "Functions call APIs on the internet"
  security_group_id = aws_security_group.functions.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
