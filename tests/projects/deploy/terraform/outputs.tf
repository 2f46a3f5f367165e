output "user_pool_id" {
  description = "The user pool."
  value       = aws_cognito_user_pool.main.id
}

output "artifact_bucket" {
  description = "Where the zips are."
  value       = module.storage.bucket
}

output "functions" {
  description = "The functions by their names."
  value       = { for name, function in module.function : name => function.deployed }
}

output "api_url" {
  description = "Where an API would be; these functions have no routes."
  value       = "http://127.0.0.1:9"
}
