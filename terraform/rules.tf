# Rules about several variables together, and about variables and functions. All are checked before anything is made.
locals {
  # Two for people and two for RDS itself.
  spare_connections = 4

  # Concurrency is of invocations. When a release moves the aliases, the instances of the version before stay connected
  # for wait_timeout (modules/database), while as many of the new version connect: each counts twice.
  # https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
  versions_at_once = 2
  reserved_connections = { for name in keys(local.in_network) : name => (
    local.reserved[name] == null ? 1 : local.reserved[name] # unreserved ones need one each at least
  ) }
  wanted_connections = local.versions_at_once * sum(concat([0], values(local.reserved_connections)))

  pauses = var.database.engine == "aurora-mysql" && var.database.min_capacity == 0
}

resource "terraform_data" "stage_rules" {
  lifecycle {
    precondition {
      condition     = terraform.workspace == var.stage
      error_message = "The workspace is ${terraform.workspace} and the stage ${var.stage}; set TF_WORKSPACE=${var.stage}, as `invoke plan --stage ${var.stage}` does."
    }
    precondition {
      condition     = (var.database.enable_proxy && var.database.use_proxy) || local.wanted_connections + local.spare_connections <= var.database.max_connections
      error_message = "Functions take ${local.wanted_connections} connections during a release, the versions before and after it together (${join(", ", [for name, reserved in local.reserved_connections : "${name} ${local.versions_at_once} x ${reserved}"])}), and ${local.spare_connections} are spare, but database.max_connections is ${var.database.max_connections}; reserve less, take a larger database, or set database.enable_proxy."
    }
    precondition {
      # The local cloud's database has no TLS. RDS's certificates are those of authorities of its own; behind a
      # proxy, migrations need them.
      condition     = var.is_local_cloud || fileexists("${path.root}/../${local.certificates}")
      error_message = "${local.certificates} is missing, so functions would refuse to talk to RDS; get https://truststore.pki.rds.amazonaws.com/${var.region}/${var.region}-bundle.pem and commit it there."
    }
    precondition {
      condition     = !(var.protected && var.observability.enable_alarms) || length(var.observability.emails) > 0
      error_message = "observability.emails is empty in a protected stage, so nobody would be told of alarms; name who is, or set observability.enable_alarms to false."
    }
    precondition {
      # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
      condition     = !(local.pauses && length([for trigger, use in local.pool_triggers : trigger if contains(keys(local.in_network), use.function)]) > 0 && var.protected)
      error_message = "database.min_capacity is 0 in a protected stage; Aurora resumes in about 15 seconds, and Cognito waits 5 for ${join(", ", [for use in local.pool_triggers : use.function])}: use 0.5 or more."
    }
    precondition {
      condition     = !var.protected || var.database.backup_retention_days >= 7
      error_message = "database.backup_retention_days is ${var.database.backup_retention_days} in a protected stage; use 7 or more."
    }
    precondition {
      condition     = var.auth.enable_threat_protection || var.auth.mfa != "OFF" || !var.protected
      error_message = "auth.mfa is OFF in a protected stage; use OPTIONAL or ON, or enable_threat_protection."
    }
  }
}
