locals {
  # Families are named as DescribeDBEngineVersions does.
  engines = {
    mariadb      = { version = "10.11", family = "mariadb" }
    mysql        = { version = "8.4", family = "mysql" }
    aurora-mysql = { version = "8.0", family = "aurora-mysql" } # the newest minor version, which AWS upgrades
  }
  is_cluster = var.settings.engine == "aurora-mysql"
  version    = coalesce(var.settings.engine_version, local.engines[var.settings.engine].version)
  family     = "${local.engines[var.settings.engine].family}${join(".", slice(split(".", local.version), 0, 2))}"

  database_name = "app"
  owner         = "owner"
  logs          = toset(["error", "slowquery"])

  # Changing one of these needs no new instance, so they are the same for instance and cluster.
  parameters = {
    character_set_server     = "utf8mb4"
    collation_server         = "utf8mb4_bin"
    long_query_time          = "1"
    log_output               = "FILE"
    max_connections          = tostring(var.settings.max_connections)
    require_secure_transport = local.is_cluster ? "ON" : "1"
    slow_query_log           = "1"
    sql_mode                 = "STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
  }

  # Ends the connections of idle instances: those of the version before a release, which nobody calls any more. Functions
  # connect again when theirs is gone. Behind a proxy connections are the proxy's, which ends them itself.
  session_parameters = var.settings.enable_proxy ? {} : { wait_timeout = "300" }
}

# A snapshot's name is taken for ever, and a stage may be deleted and made again: the id is made with the stage, and anew
# with what makes a new database. https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
resource "terraform_data" "final_snapshot" {
  triggers_replace = [var.settings.engine, var.key_arn]
}

locals {
  final_snapshot = "${var.name}-final-${substr(terraform_data.final_snapshot.id, 0, 8)}"
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Private subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# Made before the server makes them itself, which would keep them for ever and without the key.
resource "aws_cloudwatch_log_group" "database" {
  for_each = local.logs

  name              = "/aws/rds/${local.is_cluster ? "cluster" : "instance"}/${var.name}/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}
