resource "aws_apigatewayv2_api" "this" {
  name                         = var.name
  description                  = "HTTP API of ${var.name}"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = var.settings.disable_execute_api_endpoint # one way in, with its own certificate

  dynamic "cors_configuration" {
    for_each = var.settings.cors == null ? [] : [var.settings.cors]

    content {
      allow_origins     = cors_configuration.value.allow_origins
      allow_methods     = cors_configuration.value.allow_methods
      allow_headers     = cors_configuration.value.allow_headers
      expose_headers    = cors_configuration.value.expose_headers
      allow_credentials = cors_configuration.value.allow_credentials
      max_age           = cors_configuration.value.max_age_seconds
    }
  }
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    detailed_metrics_enabled = true
    throttling_rate_limit    = var.settings.throttling_rate_limit
    throttling_burst_limit   = var.settings.throttling_burst_limit
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format          = jsonencode(local.access_log)
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/aws/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

locals {
  # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
  access_log = {
    requestId               = "$context.requestId"
    requestTime             = "$context.requestTime"
    ip                      = "$context.identity.sourceIp"
    userAgent               = "$context.identity.userAgent"
    sub                     = "$context.authorizer.claims.sub"
    method                  = "$context.httpMethod"
    path                    = "$context.path"
    routeKey                = "$context.routeKey"
    protocol                = "$context.protocol"
    status                  = "$context.status"
    responseLength          = "$context.responseLength"
    responseLatency         = "$context.responseLatency"
    integrationStatus       = "$context.integrationStatus"
    integrationLatency      = "$context.integrationLatency"
    integrationErrorMessage = "$context.integrationErrorMessage"
    authorizerError         = "$context.authorizer.error"
  }
}
