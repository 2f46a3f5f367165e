# Rules about the functions of dist/functions.json where AWS, or these modules, allow less than a manifest does.
locals {
  unreachable = { for name, function in local.in_network : name => setsubtract([
    for action in flatten(function.permissions[*].actions) : split(":", action)[0]
  ], local.reachable) }

  # A wildcard within a manifest's ARN is region or account; those are filled in.
  unexplained = [for name, function in local.functions : name if anytrue([
    for permission in function.permissions : permission.reason == null && strcontains(join(" ", concat(permission.actions, permission.resources)), "*")
  ])]

  long_names   = [for name in keys(local.functions) : "${local.name}-${name}" if length("${local.name}-${name}") > 64]
  long_queues  = [for name in keys(local.queues) : name if length("${local.name}-${trimsuffix(name, ".fifo")}-dlq.fifo") > 80]
  long_buckets = [for name in local.buckets : name if length("${local.name}-${name}") > 63]
  slow_queues  = [for name, queue in local.queues : name if queue.visibility_timeout_seconds > 43200]
  open_routes  = [for key, route in local.routes : key if route.auth == "jwt" ? length(route.scopes) == 0 : route.auth != "none"]
}

resource "terraform_data" "function_rules" {
  lifecycle {
    precondition {
      condition     = local.document.format == 1
      error_message = "${var.functions_file} has format ${local.document.format}; this Terraform reads format 1: run `invoke build` of the same checkout."
    }
    precondition {
      condition     = can(regex("^python3\\.[0-9]+$", local.runtime))
      error_message = "runtime is ${local.runtime}; use python3.13 or another Python that Lambda has."
    }
    precondition {
      # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
      condition     = length(local.long_names) == 0
      error_message = "Lambda's names have 64 characters at most: ${join(", ", local.long_names)}; shorten the project's name, the stage's or the function's."
    }
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
    precondition {
      condition     = length(local.long_queues) == 0
      error_message = "SQS's names have 80 characters at most, with ${local.name}- before and -dlq after: shorten ${join(", ", local.long_queues)}."
    }
    precondition {
      # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
      condition     = length(local.slow_queues) == 0
      error_message = "Messages would be invisible for more than SQS's 12 hours: shorten the timeout of the functions of ${join(", ", local.slow_queues)}."
    }
    precondition {
      condition     = length(local.long_buckets) == 0
      error_message = "S3's names have 63 characters at most, with ${local.name}- before: shorten ${join(", ", local.long_buckets)}."
    }
  }
}
