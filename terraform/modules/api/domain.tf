resource "aws_apigatewayv2_domain_name" "this" {
  count = var.settings.domain == null ? 0 : 1

  domain_name = var.settings.domain.name

  domain_name_configuration {
    certificate_arn = var.settings.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = length(aws_apigatewayv2_domain_name.this)

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
  stage       = aws_apigatewayv2_stage.default.id
}

resource "aws_route53_record" "this" {
  for_each = var.settings.domain == null ? toset([]) : var.settings.domain.zone_id == null ? toset([]) : toset(["A", "AAAA"])

  zone_id = var.settings.domain.zone_id
  name    = var.settings.domain.name
  type    = each.key

  alias {
    name                   = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false
  }
}
