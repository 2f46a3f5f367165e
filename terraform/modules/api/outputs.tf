output "api_id" {
  description = "Id of the HTTP API."
  value       = aws_apigatewayv2_api.this.id
}

output "url" {
  description = "Where clients find the API, without a slash at the end."
  value       = var.settings.domain == null ? aws_apigatewayv2_api.this.api_endpoint : "https://${var.settings.domain.name}"
}

output "test_url" {
  description = "Where the API can be tried before its domain has records: AWS's address, unless that is closed."
  value       = var.settings.disable_execute_api_endpoint ? "https://${var.settings.domain.name}" : aws_apigatewayv2_api.this.api_endpoint
}

output "domain" {
  description = "What the domain's records point to, as aliases or a CNAME; null without a domain."
  value = one([for domain in aws_apigatewayv2_domain_name.this : {
    name           = domain.domain_name
    target_name    = domain.domain_name_configuration[0].target_domain_name
    hosted_zone_id = domain.domain_name_configuration[0].hosted_zone_id
  }])
}
