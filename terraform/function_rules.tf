# Rules about the functions of dist/functions.json where AWS, or these modules, allow less than a manifest does.
locals {
  unreachable = { for name, function in local.in_network : name => setsubtract([
    for action in flatten(function.permissions[*].actions) : split(":", action)[0]
  ], local.reachable) if var.network.nat_zones == 0 }

  # As toolchain/manifest/permissions.py has it: region and account are filled in where both are open, and what is in
  # a bucket or a table that is named in full may be a pattern.
  unexplained = [for name, function in local.functions : name if anytrue([
    for permission in function.permissions : permission.reason == null && can(regex("[*?]", join(" ", concat(permission.actions, [
      for resource in permission.resources : replace(
        replace(resource, "/^(arn:[a-z-]+:[a-z0-9-]+):\\*:\\*:/", "$1:::"),
        "/^(arn:[a-z-]+:(?:s3:::|dynamodb:[a-z0-9-]*:[0-9]*:table/)[^/*?]+)/.*$/", "$1"
      )
    ]))))
  ])]

  unknown_functions = setsubtract(keys(var.functions.environment), keys(local.functions))

  # Lambda has 4096 bytes for the variables as one JSON object, and the platform needs 768 of them, as
  # toolchain/manifest/environment.py says. Base64 has four characters for three bytes.
  environment_bytes  = { for name, variables in local.environments : name => floor(length(replace(base64encode(jsonencode(variables)), "=", "")) * 3 / 4) }
  large_environments = [for name, bytes in local.environment_bytes : "${name} ${bytes}" if bytes > 3328]

  # By the same patterns as IAM's. An action with a * must be inside one of them as a whole.
  unbounded = var.ci == null ? {} : { for name, function in local.functions : name => sort([
    for action in distinct(flatten(function.permissions[*].actions)) : action if !anytrue([
      for pattern in local.function_actions : can(regex("(?i)^${replace(replace(pattern, "*", ".*"), "?", ".")}$", action))
    ])
  ]) }

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
      error_message = "Functions with a database are in the VPC, where there is no endpoint for what they may call: ${join("; ", [for name, services in local.unreachable : "${name} ${join(", ", services)}" if length(services) > 0])}. Let a function without a database call it, or set network.nat_zones; there are endpoints for ${join(", ", sort(local.reachable))}."
    }
    precondition {
      condition     = length(local.unknown_functions) == 0
      error_message = "functions.environment is for functions that there are not: ${join(", ", local.unknown_functions)}; use ${join(", ", keys(local.functions))}."
    }
    precondition {
      condition     = length(local.large_environments) == 0
      error_message = "The variables of manifest and functions.environment together take more than 3328 bytes: ${join(", ", local.large_environments)}; Lambda has 4096, and the platform needs 768."
    }
    precondition {
      condition     = length(flatten(values(local.unbounded))) == 0
      error_message = "Functions declare what CI's boundary allows none of: ${join("; ", [for name, actions in local.unbounded : "${name} ${join(", ", actions)}" if length(actions) > 0])}. AWS would refuse their calls: add the actions to ci.function_actions in stages/${var.stage}.tfvars, and deploy once with your own credentials, as CI may not widen its boundary."
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
