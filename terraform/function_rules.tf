# Rules about the functions of dist/functions.json where AWS, or these modules, allow less than a manifest does.
locals {
  unreachable = { for name, function in local.in_network : name => setsubtract([
    for action in flatten(function.permissions[*].actions) : split(":", action)[0]
  ], local.reachable) }

  # A wildcard within a manifest's ARN is region or account; those are filled in.
  unexplained = [for name, function in local.functions : name if anytrue([
    for permission in function.permissions : permission.reason == null && strcontains(join(" ", concat(permission.actions, permission.resources)), "*")
  ])]

  open_routes = [for key, route in local.routes : key if route.auth == "jwt" ? length(route.scopes) == 0 : route.auth != "none"]
}

resource "terraform_data" "function_rules" {
  lifecycle {
    precondition {
      condition     = length(local.unexplained) == 0
      error_message = "Permissions with a wildcard and without a reason: ${join(", ", local.unexplained)}; give each a reason in function.yaml."
    }
    precondition {
      condition     = length(setunion([], values(local.unreachable)...)) == 0
      error_message = "Functions with a database are in the VPC, where there is no endpoint for what they may call: ${join("; ", [for name, services in local.unreachable : "${name} ${join(", ", services)}" if length(services) > 0])}. Let a function without a database call it; there are endpoints for ${join(", ", sort(local.reachable))}."
    }
    precondition {
      # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
      condition     = length(local.routes) <= 300
      error_message = "There are ${length(local.routes)} routes; an HTTP API has 300 at most."
    }
    precondition {
      # Without a scope, an ID token would pass as an access token.
      condition     = length(local.open_routes) == 0
      error_message = "Routes with neither auth none nor a scope: ${join(", ", local.open_routes)}; give each a scope."
    }
  }
}
