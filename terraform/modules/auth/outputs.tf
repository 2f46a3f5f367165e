output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.this.id
}

output "user_pool_endpoint" {
  description = "Host and path of the issuer of the pool's tokens, without https://."
  value       = aws_cognito_user_pool.this.endpoint
}

output "client_id" {
  description = "Id of the app client."
  value       = aws_cognito_user_pool_client.app.id
}

output "domain" {
  description = "Prefix of the hosted UI's host name."
  value       = aws_cognito_user_pool_domain.this.domain
}
