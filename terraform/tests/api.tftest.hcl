# The HTTP API: who may call which route, and what each route calls.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_apigatewayv2_api" {
    defaults = { execution_arn = "arn:aws:execute-api:eu-west-1:123456789012:api1", api_endpoint = "https://api1.execute-api.eu-west-1.amazonaws.com" }
  }
  mock_resource "aws_apigatewayv2_authorizer" {
    defaults = { id = "authorizer1" }
  }
  mock_resource "aws_apigatewayv2_domain_name" {
    defaults = { domain_name_configuration = { target_domain_name = "d-1.execute-api.eu-west-1.amazonaws.com", hosted_zone_id = "Z2" } }
  }
  mock_resource "aws_apigatewayv2_integration" {
    defaults = { id = "integration1" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apigateway/shop-dev" }
  }
}

variables {
  name               = "shop-dev"
  key_arn            = "arn:aws:kms:eu-west-1:123456789012:key/1"
  log_retention_days = 14
  issuer             = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_1"
  audience           = "client1"
  functions = {
    read_things  = { function_name = "shop-dev-read_things", alias_invoke_arn = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-read_things:live/invocations" }
    change_thing = { function_name = "shop-dev-change_thing", alias_invoke_arn = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-change_thing:live/invocations" }
  }
  routes = merge([for name, function in jsondecode(file("tests/fixtures/functions.json")).functions : {
    for route in function.triggers.http : route.route_key => merge(route, { function = name })
  }]...)
  settings = {
    cors                         = { allow_origins = ["https://app.example.com"], allow_methods = ["GET"], allow_headers = ["authorization"], expose_headers = [], allow_credentials = true, max_age_seconds = 300 }
    throttling_rate_limit        = 10
    throttling_burst_limit       = 20
    disable_execute_api_endpoint = false
  }
}

run "routes" {
  command = plan

  module {
    source = "./modules/api"
  }

  assert {
    condition = jsonencode({ for key, route in aws_apigatewayv2_route.this : key => [route.authorization_type, route.authorizer_id, route.authorization_scopes] }) == jsonencode({
      "GET /things"         = ["NONE", null, null]
      "GET /things/{id}"    = ["JWT", "authorizer1", ["aws.cognito.signin.user.admin"]]
      "PATCH /things/{id}"  = ["JWT", "authorizer1", ["aws.cognito.signin.user.admin"]]
      "ANY /files/{proxy+}" = ["JWT", "authorizer1", ["files/read", "files/write"]]
      "$default"            = ["NONE", null, null]
    })
    error_message = "Each route asks for what its manifest declares."
  }
  assert {
    condition     = aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].issuer == var.issuer && aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].audience == toset(["client1"])
    error_message = "Tokens are those of the pool, for the app client."
  }
  assert {
    condition = { for key, permission in aws_lambda_permission.route : key => permission.source_arn } == {
      "GET /things"         = "arn:aws:execute-api:eu-west-1:123456789012:api1/*/GET/things"
      "GET /things/{id}"    = "arn:aws:execute-api:eu-west-1:123456789012:api1/*/GET/things/*"
      "PATCH /things/{id}"  = "arn:aws:execute-api:eu-west-1:123456789012:api1/*/PATCH/things/*"
      "ANY /files/{proxy+}" = "arn:aws:execute-api:eu-west-1:123456789012:api1/*/*/files/*"
      "$default"            = "arn:aws:execute-api:eu-west-1:123456789012:api1/*/*"
    }
    error_message = "A route may call its function by its own method and path."
  }
  assert {
    condition     = alltrue([for permission in aws_lambda_permission.route : permission.qualifier == "live" && permission.principal == "apigateway.amazonaws.com"])
    error_message = "API Gateway calls the alias."
  }
  assert {
    condition = jsonencode({ for key, integration in aws_apigatewayv2_integration.route : key => [integration.payload_format_version, split(":", integration.integration_uri)[11]] }) == jsonencode({
      "$default"            = ["2.0", "shop-dev-read_things"]
      "ANY /files/{proxy+}" = ["1.0", "shop-dev-read_things"]
      "GET /things"         = ["2.0", "shop-dev-read_things"]
      "GET /things/{id}"    = ["2.0", "shop-dev-read_things"]
      "PATCH /things/{id}"  = ["2.0", "shop-dev-change_thing"]
    })
    error_message = "Each route has an integration of its own, which calls its function in its format."
  }
  assert {
    condition     = alltrue([for integration in aws_apigatewayv2_integration.route : endswith(integration.integration_uri, ":live/invocations")])
    error_message = "Integrations call the alias."
  }
  assert {
    condition     = aws_apigatewayv2_stage.default.default_route_settings[0].throttling_rate_limit == 10 && aws_apigatewayv2_stage.default.auto_deploy && aws_apigatewayv2_stage.default.name == "$default"
    error_message = "The default stage is throttled, and deploys by itself."
  }
  assert {
    condition     = jsondecode(aws_apigatewayv2_stage.default.access_log_settings[0].format).routeKey == "$context.routeKey" && !strcontains(aws_apigatewayv2_stage.default.access_log_settings[0].format, "querystring")
    error_message = "Requests are logged, without what people put into query strings."
  }
  assert {
    condition     = output.url == "https://api1.execute-api.eu-west-1.amazonaws.com" && output.test_url == output.url && output.domain == null && !aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "Without a domain the API is at AWS's address."
  }
}

run "public_routes_alone_keep_the_authorizer" {
  command = plan

  module {
    source = "./modules/api"
  }

  variables {
    routes = { "GET /things" = { method = "GET", path = "/things", auth = "none", scopes = [], payload_format_version = "2.0", function = "read_things" } }
  }

  assert {
    condition     = jsonencode([for route in aws_apigatewayv2_route.this : [route.authorization_type, route.authorizer_id]]) == jsonencode([["NONE", null]]) && aws_apigatewayv2_authorizer.jwt.id == "authorizer1"
    error_message = "Nobody is asked to sign in; the authorizer stays, since a route that was just made public still refers to it."
  }
}

run "own_domain" {
  command = plan

  module {
    source = "./modules/api"
  }

  variables {
    settings = {
      throttling_rate_limit        = 10
      throttling_burst_limit       = 20
      disable_execute_api_endpoint = true
      domain                       = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1", zone_id = "Z1" }
    }
  }

  assert {
    condition     = output.url == "https://api.example.com" && output.test_url == output.url && aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "With a domain there is no other way in."
  }
  assert {
    condition     = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].security_policy == "TLS_1_2" && toset(keys(aws_route53_record.this)) == toset(["A", "AAAA"])
    error_message = "The domain has TLS 1.2 and addresses of both kinds."
  }
}

run "own_domain_whose_records_are_made_elsewhere" {
  command = plan

  module {
    source = "./modules/api"
  }

  variables {
    settings = {
      throttling_rate_limit        = 10
      throttling_burst_limit       = 20
      disable_execute_api_endpoint = false
      domain                       = { name = "api.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1" }
    }
  }

  assert {
    condition     = output.url == "https://api.example.com" && output.test_url == "https://api1.execute-api.eu-west-1.amazonaws.com" && !aws_apigatewayv2_api.this.disable_execute_api_endpoint
    error_message = "Until there are records, a release is tested at AWS's address."
  }
  assert {
    condition     = output.domain == { name = "api.example.com", target_name = "d-1.execute-api.eu-west-1.amazonaws.com", hosted_zone_id = "Z2" } && length(aws_route53_record.this) == 0
    error_message = "Whoever makes the records is told what they point to."
  }
}
