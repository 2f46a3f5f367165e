# Who reaches the database, and what functions beside it reach.
mock_provider "aws" {
  override_during = plan
}

override_resource {
  target          = aws_vpc.this
  override_during = plan
  values          = { id = "vpc-1" }
}

override_resource {
  target          = aws_security_group.functions
  override_during = plan
  values          = { id = "sg-functions" }
}

override_resource {
  target          = aws_security_group.database
  override_during = plan
  values          = { id = "sg-database" }
}

override_resource {
  target          = aws_security_group.proxy
  override_during = plan
  values          = { id = "sg-proxy" }
}

override_resource {
  target          = aws_security_group.endpoints
  override_during = plan
  values          = { id = "sg-endpoints" }
}

override_resource {
  target          = aws_subnet.private["a"]
  override_during = plan
  values          = { id = "subnet-a" }
}

override_resource {
  target          = aws_subnet.private["c"]
  override_during = plan
  values          = { id = "subnet-c" }
}

override_resource {
  target          = aws_route_table.private["a"]
  override_during = plan
  values          = { id = "rtb-a" }
}

override_resource {
  target          = aws_route_table.private["c"]
  override_during = plan
  values          = { id = "rtb-c" }
}

override_resource {
  target          = aws_nat_gateway.this["a"]
  override_during = plan
  values          = { id = "nat-a" }
}

override_resource {
  target          = aws_nat_gateway.this["c"]
  override_during = plan
  values          = { id = "nat-c" }
}

override_resource {
  target          = aws_eip.nat["a"]
  override_during = plan
  values          = { id = "eipalloc-a", public_ip = "192.0.2.1" }
}

variables {
  name               = "shop-dev"
  place              = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  key_arn            = "arn:aws:kms:eu-west-1:123456789012:key/1"
  log_retention_days = 14
  cidr_block         = "10.0.0.0/16"
  zones              = ["a", "c"]
  endpoint_zones     = 1
  nat_zones          = 0
  gateways           = []
  interfaces         = {}
  enable_proxy       = false
}

run "nothing_to_call" {
  command = plan

  module {
    source = "./modules/network"
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) + length(aws_vpc_endpoint.gateway) + length(aws_security_group.endpoints) == 0
    error_message = "An endpoint that nobody needs costs by the hour."
  }
  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => "${subnet.availability_zone} ${subnet.cidr_block}" } == { a = "eu-west-1a 10.0.0.0/20", c = "eu-west-1c 10.0.32.0/20" }
    error_message = "A zone keeps its block whatever other zones there are."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.private : !subnet.map_public_ip_on_launch])
    error_message = "Subnets are private."
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_functions.security_group_id == "sg-database" && aws_vpc_security_group_ingress_rule.database_from_functions.referenced_security_group_id == "sg-functions" && aws_vpc_security_group_ingress_rule.database_from_functions.from_port == 3306 && aws_vpc_security_group_ingress_rule.database_from_functions.to_port == 3306
    error_message = "Functions, and nobody else, reach the database's port."
  }
  assert {
    condition     = aws_default_security_group.none.vpc_id == "vpc-1" && length(aws_security_group.proxy) == 0
    error_message = "The default group allows nothing, and a group without a use is not there."
  }
  assert {
    condition     = length(aws_internet_gateway.this) + length(aws_subnet.public) + length(aws_nat_gateway.this) + length(aws_route.to_nat) + length(aws_vpc_security_group_egress_rule.functions_to_internet) == 0 && output.nat_addresses == []
    error_message = "There is no way out that nobody has asked for."
  }
}

run "services_to_call" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    gateways   = ["s3"]
    interfaces = { sqs = "sqs", cloudwatch = "monitoring" }
  }

  assert {
    condition     = { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.service_name } == { sqs = "com.amazonaws.eu-west-1.sqs", cloudwatch = "com.amazonaws.eu-west-1.monitoring" } && keys(aws_vpc_endpoint.gateway) == ["s3"]
    error_message = "There is an endpoint for each service that functions call."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.subnet_ids == toset(["subnet-a"])])
    error_message = "Endpoints are in as many zones as the stage pays for."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : jsondecode(endpoint.policy).Statement[0].Condition == { StringEquals = { "aws:PrincipalAccount" = "123456789012" } }])
    error_message = "Nobody takes data out with the credentials of another account."
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.functions_to_endpoints[0].to_port == 443 && keys(aws_vpc_security_group_egress_rule.functions_to_gateway) == ["s3"]
    error_message = "Functions reach the endpoints by TLS."
  }
}

run "behind_a_proxy" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    enable_proxy = true
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.proxy_from_functions[0].referenced_security_group_id == "sg-functions" && aws_vpc_security_group_ingress_rule.database_from_proxy[0].referenced_security_group_id == "sg-proxy" && aws_vpc_security_group_ingress_rule.database_from_proxy[0].to_port == 3306
    error_message = "Functions reach the proxy, and the proxy the database."
  }
}

run "one_way_out" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    gateways  = ["s3"]
    nat_zones = 1
  }

  assert {
    condition     = { for zone, subnet in aws_subnet.public : zone => "${subnet.availability_zone} ${subnet.cidr_block} ${subnet.map_public_ip_on_launch}" } == { a = "eu-west-1a 10.0.128.0/20 false" }
    error_message = "A public subnet is for a NAT gateway, and beside the private ones."
  }
  assert {
    condition     = { for zone, route in aws_route.to_nat : zone => "${route.route_table_id} ${route.nat_gateway_id} ${route.destination_cidr_block}" } == { a = "rtb-a nat-a 0.0.0.0/0", c = "rtb-c nat-a 0.0.0.0/0" }
    error_message = "All zones use the one NAT gateway."
  }
  assert {
    condition     = aws_vpc_security_group_egress_rule.functions_to_internet[0].security_group_id == "sg-functions" && aws_vpc_security_group_egress_rule.functions_to_internet[0].from_port == 443 && aws_vpc_security_group_egress_rule.functions_to_internet[0].to_port == 443
    error_message = "Functions call by HTTPS."
  }
  assert {
    condition     = output.nat_addresses == ["192.0.2.1"]
    error_message = "Who is called can be told the address."
  }
  assert {
    condition     = aws_vpc_endpoint.gateway["s3"].route_table_ids == toset(["rtb-a", "rtb-c"])
    error_message = "A gateway endpoint serves all zones."
  }
}

run "ways_out_of_their_own" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    nat_zones = 2
  }

  assert {
    condition     = { for zone, route in aws_route.to_nat : zone => route.nat_gateway_id } == { a = "nat-a", c = "nat-c" }
    error_message = "A zone does not go out through another one."
  }
}
