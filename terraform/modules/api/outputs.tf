output "api_id" {
  description = "Id of the HTTP API."
  value       = aws_apigatewayv2_api.this.id
}

output "url" {
  description = "Where the API is, without a slash at the end."
  value       = var.settings.domain == null ? aws_apigatewayv2_api.this.api_endpoint : "https://${var.settings.domain.name}"
}
