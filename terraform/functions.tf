locals {
  document  = jsondecode(file(var.functions_file))
  project   = local.document.project
  runtime   = local.document.runtime
  functions = local.document.functions

  name = "${local.project}-${var.stage}"
  place = {
    partition  = startswith(var.region, "cn-") ? "aws-cn" : startswith(var.region, "us-gov-") ? "aws-us-gov" : "aws"
    region     = var.region
    account_id = var.account_id
  }

  # What is named after a function and more: the role of its schedules, and the rules of its event patterns, by number.
  name_suffixes = { for name, function in local.functions : name => (
    length(function.triggers.schedule) > 0 ? "-schedule" :
    length(function.triggers.eventbridge) > 0 ? "-${length(function.triggers.eventbridge)}" : ""
  ) }

  # How long a stage's name can be for <project>-<stage>-<name> to fit: roles, functions and rules have 64 characters,
  # queues 80, buckets 63.
  stage_lengths = merge(
    { for name, function in local.functions : "function ${name}" => 64 - length("${local.project}--${name}${local.name_suffixes[name]}") },
    { for name in keys(local.queues) : "queue ${name}" => 80 - length("${local.project}--${trimsuffix(name, ".fifo")}-dlq.fifo") },
    { for name in local.buckets : "bucket ${name}" => 63 - length("${local.project}--${name}-${var.account_id}") },
    { "bucket of artifacts" = 63 - length("${local.project}--artifacts-${var.account_id}") },
  )

  # Trigger functions know the pool from their event; a function that depended on the pool would close a circle.
  pool_triggers = merge([
    for name, function in local.functions : {
      for trigger in function.triggers.cognito : trigger.trigger => { function = name, version = trigger.version }
    }
  ]...)

  routes = merge([
    for name, function in local.functions : {
      for route in function.triggers.http : route.route_key => merge(route, { function = name })
    }
  ]...)
  groups = toset(flatten([for route in local.routes : route.groups]))
  scopes = toset(flatten([for route in local.routes : route.scopes]))

  queues = { for queue in distinct(flatten([for function in local.functions : function.triggers.sqs[*].queue])) : queue => {
    # AWS advises six times the function's timeout: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    visibility_timeout_seconds = max([
      for use in flatten([for function in local.functions : [
        for trigger in function.triggers.sqs : {
          queue   = trigger.queue
          seconds = 6 * function.timeout_seconds + trigger.maximum_batching_window_seconds
        }
      ]]) : use.seconds if use.queue == queue
    ]...)
  } }
  topics = toset(flatten([for function in local.functions : function.triggers.sns[*].topic]))
  tables = { for table, keys in {
    for trigger in flatten([for function in local.functions : function.triggers.dynamodb_stream]) : trigger.table => trigger.key...
  } : table => keys[0] } # the build has made sure that all declare one key
  buckets = toset(flatten([for function in local.functions : function.triggers.s3[*].bucket]))
  buses   = toset([for bus in flatten([for function in local.functions : function.triggers.eventbridge[*].bus]) : bus if bus != "default"])

  notifications = flatten([
    for name, function in local.functions : [
      for index, trigger in function.triggers.s3 : merge(trigger, { id = "${name}-${index + 1}", function = name })
    ]
  ])

  # What a manifest declares for every stage, and what this stage adds or has otherwise.
  environments = { for name, function in local.functions : name => merge(function.environment, lookup(var.functions.environment, name, {})) }

  # Instances at once, at most. The owner migrates, one at a time: there is a lock on it.
  reserved = { for name, function in local.functions : name => (
    function.reserved_concurrency != null ? function.reserved_concurrency :
    function.database == "none" ? null :
    function.database == "owner" ? (var.functions.database_concurrency == null ? null : 1) : var.functions.database_concurrency
  ) }

  # In the VPC nothing is reachable but the database, what has an endpoint there, and the internet if there are NAT gateways.
  in_network = { for name, function in local.functions : name => function if function.database != "none" }
  services = setunion(
    toset([for action in flatten([for function in local.in_network : function.permissions[*].actions]) : split(":", action)[0]]),
    toset([for function in local.in_network : "secretsmanager" if function.database == "owner"]),
  )
}
