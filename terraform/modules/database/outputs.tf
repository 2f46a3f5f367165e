output "access" {
  description = "By level (reader, writer, owner): environment of the function, and statements of its role."
  value       = merge(local.account_access, { owner = local.owner_access })
}

output "identifier" {
  description = "Identifier of the instance or cluster."
  value       = local.is_cluster ? one(aws_rds_cluster.this[*].cluster_identifier) : one(aws_db_instance.this[*].identifier)
}

output "endpoint" {
  description = "Host name of the database itself."
  value       = local.address
}

output "port" {
  description = "TCP port of the database."
  value       = local.port
}

output "database_name" {
  description = "Name of the database (schema) that functions use."
  value       = local.database_name
}

output "is_cluster" {
  description = "Whether it is an Aurora cluster."
  value       = local.is_cluster
}
