locals {
  needs_authorizer = anytrue([for route in var.routes : route.auth == "jwt"])

  # A function is integrated once for each format it is called with.
  integrations = {
    for use in distinct([for route in var.routes : { function = route.function, format = route.payload_format_version }]) :
    "${use.function} ${use.format}" => use
  }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count = local.needs_authorizer ? 1 : 0

  api_id           = aws_apigatewayv2_api.this.id
  name             = "user-pool"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.issuer
    audience = [var.audience]
  }
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = local.integrations

  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = var.functions[each.value.function].alias_invoke_arn
  payload_format_version = each.value.format
  timeout_milliseconds   = 30000
}

resource "aws_apigatewayv2_route" "this" {
  for_each = var.routes

  api_id               = aws_apigatewayv2_api.this.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.function["${each.value.function} ${each.value.payload_format_version}"].id}"
  authorization_type   = each.value.auth == "jwt" ? "JWT" : "NONE"
  authorizer_id        = each.value.auth == "jwt" ? aws_apigatewayv2_authorizer.jwt[0].id : null
  authorization_scopes = each.value.auth == "jwt" ? each.value.scopes : null
}

# One for each route: nobody calls a function by way of a route that it does not have.
resource "aws_lambda_permission" "route" {
  for_each = var.routes

  statement_id  = "http-${substr(sha256(each.key), 0, 16)}"
  action        = "lambda:InvokeFunction"
  function_name = var.functions[each.value.function].function_name
  qualifier     = "live"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/${local.resources[each.key]}"
}

locals {
  # Stage, method, path: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
  # A parameter is a * there, ANY too; $default is called for whatever is left.
  resources = { for key, route in var.routes : key => key == "$default" ? "*" : join("", [
    route.method == "ANY" ? "*" : route.method,
    replace(route.path, "/\\{[^}]*\\}/", "*"),
  ]) }
}
