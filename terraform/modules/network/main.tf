# Functions here talk to the database, to AWS through endpoints, and to the internet if the stage has NAT gateways.
resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true # private DNS names of endpoints need it

  tags = { Name = var.name }
}

locals {
  # A zone keeps its block whatever other zones there are.
  zone_indexes = { for zone in var.zones : zone => index(["a", "b", "c", "d", "e", "f"], zone) }
}

resource "aws_subnet" "private" {
  for_each = local.zone_indexes

  vpc_id                  = aws_vpc.this.id
  availability_zone       = "${var.place.region}${each.key}"
  cidr_block              = cidrsubnet(var.cidr_block, 4, each.value)
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-private-${each.key}" }
}

# One for each zone, since a zone uses its own NAT gateway, if there is one.
resource "aws_route_table" "private" {
  for_each = var.zones

  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}
