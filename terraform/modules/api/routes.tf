# What a route refers to is changed where it is, and never deleted while the route stays: API Gateway refuses to delete
# an integration or an authorizer that is "referenced" (https://github.com/milliHQ/terraform-aws-next-js/issues/247,
# https://github.com/github-aws-runners/terraform-aws-github-runner/pull/3000), and Terraform deletes before it updates.
# create_before_destroy would turn that round, but for all that functions depend on, too: a database or a subnet that
# is replaced would then be made beside itself, under the name that it still has.
# https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "user-pool"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.issuer
    audience = [var.audience]
  }
}

# One for each route: a route that moves to another function keeps its integration, which then calls that one.
resource "aws_apigatewayv2_integration" "route" {
  for_each = var.routes

  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = var.functions[each.value.function].alias_invoke_arn
  payload_format_version = each.value.payload_format_version
  timeout_milliseconds   = 30000
}

resource "aws_apigatewayv2_route" "this" {
  for_each = var.routes

  api_id               = aws_apigatewayv2_api.this.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.route[each.key].id}"
  authorization_type   = each.value.auth == "jwt" ? "JWT" : "NONE"
  authorizer_id        = each.value.auth == "jwt" ? aws_apigatewayv2_authorizer.jwt.id : null
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
