output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Ids of the private subnets, by zone."
  value       = [for zone in sort(var.zones) : aws_subnet.private[zone].id]
}

output "nat_addresses" {
  description = "Addresses that functions in the VPC call the internet from."
  value       = [for zone in local.nat_zones : aws_eip.nat[zone].public_ip]
}

output "functions_security_group_id" {
  description = "Id of the security group of functions that use the database."
  value       = aws_security_group.functions.id
}

output "database_security_group_id" {
  description = "Id of the database's security group."
  value       = aws_security_group.database.id
}

output "proxy_security_group_ids" {
  description = "Id of RDS Proxy's security group, in a list; none without a proxy."
  value       = aws_security_group.proxy[*].id
}
