output "api_url" {
  description = "Where the HTTP API is, without a slash at the end."
  value       = module.api.url
}

output "api_test_url" {
  description = "Where a release is tested: AWS's address of the API, unless that is closed."
  value       = module.api.test_url
}

output "api_domain" {
  description = "What the records of the API's own domain point to, where you make them yourself; null without a domain."
  value       = module.api.domain
}

output "api_id" {
  description = "Id of the HTTP API."
  value       = module.api.api_id
}

output "user_pool_id" {
  description = "Id of the Cognito user pool."
  value       = module.auth.user_pool_id
}

output "user_pool_client_id" {
  description = "Id of the app client, which has no secret."
  value       = module.auth.client_id
}

output "user_pool_domain" {
  description = "Prefix of the hosted UI's host name."
  value       = module.auth.domain
}

output "region" {
  description = "The AWS region of the stage."
  value       = var.region
}

output "account_id" {
  description = "The AWS account of the stage."
  value       = var.account_id
}

output "stage" {
  description = "Name of the stage."
  value       = var.stage
}

output "nat_addresses" {
  description = "Addresses that functions with a database call the internet from; none without NAT gateways."
  value       = module.network.nat_addresses
}

output "artifact_bucket" {
  description = "Name of the bucket with packages and releases."
  value       = module.storage.artifact_bucket
}

output "database" {
  description = "The database: identifier of the instance or cluster, host name, TCP port, and name of the schema."
  value = {
    identifier = module.database.identifier
    endpoint   = module.database.endpoint
    port       = module.database.port
    name       = module.database.database_name
  }
}

output "functions" {
  description = "The functions by the name in their manifest; version is the one that was published last."
  value = { for name, function in module.function : name => {
    function_name = function.function_name
    arn           = function.arn
    version       = function.version
    alias         = function.alias
    alias_arn     = function.alias_arn
    log_group     = function.log_group
  } }
}

output "ci_role_arns" {
  description = "ARNs of the roles of GitHub's workflows; null without ci."
  value = one([for ci in module.ci : {
    plan  = ci.plan_role_arn
    apply = ci.apply_role_arn
  }])
}
