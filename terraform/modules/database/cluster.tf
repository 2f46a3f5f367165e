# Aurora Serverless v2.
resource "aws_rds_cluster" "this" {
  count = local.is_cluster ? 1 : 0

  cluster_identifier = var.name
  engine             = var.settings.engine
  engine_version     = local.version
  engine_mode        = "provisioned" # Serverless v2 is an instance class
  database_name      = local.database_name

  master_username                     = local.owner
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.key_arn
  iam_database_authentication_enabled = true

  storage_encrypted = true
  kms_key_id        = var.key_arn

  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [var.security_group_id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this[0].name

  backup_retention_period      = var.settings.backup_retention_days
  preferred_backup_window      = "02:00-03:00"
  preferred_maintenance_window = "sun:03:30-sun:04:30"
  copy_tags_to_snapshot        = true
  delete_automated_backups     = !var.is_protected
  deletion_protection          = var.is_protected
  skip_final_snapshot          = !var.is_protected
  final_snapshot_identifier    = var.is_protected ? local.final_snapshot : null

  allow_major_version_upgrade     = false
  apply_immediately               = var.settings.apply_immediately
  enabled_cloudwatch_logs_exports = local.logs

  serverlessv2_scaling_configuration {
    min_capacity             = var.settings.min_capacity
    max_capacity             = var.settings.max_capacity
    seconds_until_auto_pause = var.settings.min_capacity == 0 ? var.settings.seconds_until_pause : null
  }

  depends_on = [aws_cloudwatch_log_group.database]
}

resource "aws_rds_cluster_instance" "this" {
  count = local.is_cluster ? var.settings.instances : 0

  identifier         = "${var.name}-${count.index + 1}"
  cluster_identifier = aws_rds_cluster.this[0].id
  engine             = var.settings.engine
  engine_version     = local.version
  instance_class     = "db.serverless"
  promotion_tier     = count.index == 0 ? 0 : 1 # tier 1 and below scale with the writer

  publicly_accessible             = false
  auto_minor_version_upgrade      = true
  copy_tags_to_snapshot           = true
  apply_immediately               = var.settings.apply_immediately
  monitoring_interval             = var.settings.monitoring_seconds
  monitoring_role_arn             = one(aws_iam_role.monitoring[*].arn)
  performance_insights_enabled    = var.settings.enable_insights
  performance_insights_kms_key_id = var.settings.enable_insights ? var.key_arn : null
}

resource "aws_rds_cluster_parameter_group" "this" {
  count = local.is_cluster ? 1 : 0

  name_prefix = "${var.name}-"
  description = "Parameters of ${var.name}"
  family      = local.family

  dynamic "parameter" {
    for_each = merge(local.parameters, local.session_parameters)

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "immediate"
    }
  }

  lifecycle {
    create_before_destroy = true # another family is another group, and this one is in use
  }
}
