# MariaDB or MySQL on one instance, with a standby when multi_az.
resource "aws_db_instance" "this" {
  count = local.is_cluster ? 0 : 1

  identifier     = var.name
  engine         = var.settings.engine
  engine_version = local.version
  instance_class = var.settings.instance_class
  db_name        = local.database_name

  username                            = local.owner
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = var.key_arn
  iam_database_authentication_enabled = true

  storage_type          = "gp3"
  allocated_storage     = var.settings.allocated_storage_gb
  max_allocated_storage = var.settings.max_allocated_storage_gb
  storage_encrypted     = true
  kms_key_id            = var.key_arn

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [var.security_group_id]
  parameter_group_name   = aws_db_parameter_group.this[0].name
  publicly_accessible    = false
  multi_az               = var.settings.multi_az

  backup_retention_period   = var.settings.backup_retention_days
  backup_window             = "02:00-03:00"
  maintenance_window        = "sun:03:30-sun:04:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = !var.is_protected
  deletion_protection       = var.is_protected
  skip_final_snapshot       = !var.is_protected
  final_snapshot_identifier = var.is_protected ? local.final_snapshot : null

  auto_minor_version_upgrade  = true
  allow_major_version_upgrade = false
  apply_immediately           = var.settings.apply_immediately

  enabled_cloudwatch_logs_exports = local.logs
  monitoring_interval             = var.settings.monitoring_seconds
  monitoring_role_arn             = one(aws_iam_role.monitoring[*].arn)
  performance_insights_enabled    = var.settings.enable_insights
  performance_insights_kms_key_id = var.settings.enable_insights ? var.key_arn : null

  depends_on = [aws_cloudwatch_log_group.database]
}

resource "aws_db_parameter_group" "this" {
  count = local.is_cluster ? 0 : 1

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
