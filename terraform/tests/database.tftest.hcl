# The database of each engine, and how functions connect to it.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_db_instance" {
    defaults = {
      address            = "shop-dev.abc.eu-west-1.rds.amazonaws.com"
      port               = 3306
      resource_id        = "db-ABC"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1" }]
    }
  }
  mock_resource "aws_rds_cluster" {
    defaults = {
      id                  = "shop-dev" # a random one may begin with a digit, which the proxy's target refuses
      endpoint            = "shop-dev.cluster-abc.eu-west-1.rds.amazonaws.com"
      port                = 3306
      cluster_resource_id = "cluster-ABC"
      master_user_secret  = [{ secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!cluster-1" }]
    }
  }
  mock_resource "aws_db_proxy" {
    defaults = {
      arn      = "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-ABC"
      endpoint = "shop-dev.proxy-abc.eu-west-1.rds.amazonaws.com"
    }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/role" }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-dev/database/account" }
  }
}

override_resource {
  target          = terraform_data.final_snapshot
  values          = { id = "1f0c2d3e-0000-0000-0000-000000000000" }
  override_during = plan
}

variables {
  name                     = "shop-dev"
  place                    = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  is_protected             = true
  key_arn                  = "arn:aws:kms:eu-west-1:123456789012:key/1"
  log_retention_days       = 14
  subnet_ids               = ["subnet-1", "subnet-2"]
  security_group_id        = "sg-1"
  proxy_security_group_ids = []
  certificates_path        = "/var/task/lib/database/rds.pem"
  settings = {
    engine                   = "mariadb"
    instance_class           = "db.t4g.medium"
    instances                = 1
    allocated_storage_gb     = 20
    max_allocated_storage_gb = 100
    multi_az                 = true
    backup_retention_days    = 30
    max_connections          = 300
    enable_proxy             = false
    use_proxy                = true
    enable_insights          = true
    monitoring_seconds       = 60
    min_capacity             = 0.5
    max_capacity             = 2
    seconds_until_pause      = 3600
    apply_immediately        = false
  }
}

run "mariadb" {
  command = plan

  module {
    source = "./modules/database"
  }

  assert {
    condition     = aws_db_instance.this[0].engine_version == "10.11" && aws_db_parameter_group.this[0].family == "mariadb10.11" && length(aws_rds_cluster.this) == 0
    error_message = "MariaDB is the version that tests run on."
  }
  assert {
    condition     = aws_db_instance.this[0].manage_master_user_password && aws_db_instance.this[0].password == null && aws_db_instance.this[0].iam_database_authentication_enabled
    error_message = "RDS keeps the owner's password, and functions sign in with IAM."
  }
  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == var.key_arn && !aws_db_instance.this[0].publicly_accessible && aws_db_instance.this[0].copy_tags_to_snapshot
    error_message = "What is stored is encrypted, and nobody outside of the VPC reaches it."
  }
  assert {
    condition     = aws_db_instance.this[0].deletion_protection && !aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].final_snapshot_identifier == "shop-dev-final-1f0c2d3e" && !aws_db_instance.this[0].delete_automated_backups
    error_message = "A protected database is not deleted by mistake, and leaves its data if it is."
  }
  assert {
    condition     = { for parameter in aws_db_parameter_group.this[0].parameter : parameter.name => parameter.value if contains(["require_secure_transport", "max_connections", "wait_timeout"], parameter.name) } == { require_secure_transport = "1", max_connections = "300", wait_timeout = "300" }
    error_message = "Connections are encrypted, as many as functions may reserve, and end when nobody uses them."
  }
  assert {
    condition = output.access["writer"] == {
      environment = {
        DATABASE_AUTH   = "iam"
        DATABASE_HOST   = "shop-dev.abc.eu-west-1.rds.amazonaws.com"
        DATABASE_NAME   = "app"
        DATABASE_PORT   = "3306"
        DATABASE_TLS_CA = "/var/task/lib/database/rds.pem"
        DATABASE_USER   = "writer"
      }
      statements = [{ actions = ["rds-db:connect"], resources = ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC/writer"] }]
    }
    error_message = "A writer signs in as writer with IAM, and as nobody else."
  }
  assert {
    condition     = output.access["owner"].environment["DATABASE_SECRET_ARN"] == "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1" && output.access["owner"].statements == [{ actions = ["secretsmanager:GetSecretValue"], resources = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1"] }]
    error_message = "The owner's secret is for the owner alone."
  }
  assert {
    condition     = length(aws_iam_role.monitoring) == 1 && toset(keys(aws_cloudwatch_log_group.database)) == toset(["error", "slowquery"])
    error_message = "The database's logs are kept as long as the others."
  }
}

run "mysql" {
  command = plan

  module {
    source = "./modules/database"
  }

  variables {
    is_protected = false
    settings = {
      engine                   = "mysql"
      instance_class           = "db.t4g.micro"
      instances                = 1
      allocated_storage_gb     = 20
      max_allocated_storage_gb = 0
      multi_az                 = false
      backup_retention_days    = 1
      max_connections          = 60
      enable_proxy             = false
      use_proxy                = true
      enable_insights          = false
      monitoring_seconds       = 0
      min_capacity             = 0.5
      max_capacity             = 2
      seconds_until_pause      = 3600
      apply_immediately        = true
    }
  }

  assert {
    condition     = aws_db_instance.this[0].engine_version == "8.4" && aws_db_parameter_group.this[0].family == "mysql8.4"
    error_message = "MySQL is 8.4."
  }
  assert {
    condition     = !aws_db_instance.this[0].deletion_protection && aws_db_instance.this[0].skip_final_snapshot && length(aws_iam_role.monitoring) == 0
    error_message = "What is not protected is gone when it is destroyed."
  }
}

run "aurora_behind_a_proxy" {
  command = plan

  module {
    source = "./modules/database"
  }

  variables {
    proxy_security_group_ids = ["sg-2"]
    settings = {
      engine                   = "aurora-mysql"
      instance_class           = "db.t4g.medium"
      instances                = 2
      allocated_storage_gb     = 20
      max_allocated_storage_gb = 100
      multi_az                 = false
      backup_retention_days    = 7
      max_connections          = 300
      enable_proxy             = true
      use_proxy                = true
      enable_insights          = false
      monitoring_seconds       = 0
      min_capacity             = 0.5
      max_capacity             = 4
      seconds_until_pause      = 3600
      apply_immediately        = false
    }
  }

  assert {
    condition     = aws_rds_cluster_parameter_group.this[0].family == "aurora-mysql8.0" && aws_rds_cluster.this[0].serverlessv2_scaling_configuration[0].max_capacity == 4 && length(aws_rds_cluster_instance.this) == 2 && aws_rds_cluster_instance.this[0].instance_class == "db.serverless"
    error_message = "Aurora is Serverless v2, with as many instances as the stage has."
  }
  assert {
    condition     = aws_rds_cluster.this[0].storage_encrypted && aws_rds_cluster.this[0].deletion_protection && aws_rds_cluster.this[0].manage_master_user_password && aws_rds_cluster.this[0].iam_database_authentication_enabled
    error_message = "A cluster is protected as an instance is."
  }
  assert {
    condition     = !contains([for parameter in aws_rds_cluster_parameter_group.this[0].parameter : parameter.name], "wait_timeout")
    error_message = "Behind a proxy connections are the proxy's to end."
  }
  assert {
    condition     = aws_db_proxy.this[0].require_tls && alltrue([for auth in aws_db_proxy.this[0].auth : auth.iam_auth == "REQUIRED"])
    error_message = "The proxy takes encrypted connections, and IAM's tokens only."
  }
  assert {
    condition     = { for account, secret in aws_secretsmanager_secret.account : account => [secret.name, secret.recovery_window_in_days] } == { reader = ["shop-dev/database/proxy_reader", 0], writer = ["shop-dev/database/proxy_writer", 0] }
    error_message = "The proxy has accounts of its own, whose secrets can be made again at once: a deleted secret keeps its name until its recovery window is over."
  }
  assert {
    condition     = output.access["reader"].environment["DATABASE_PROXY"] == "on" && aws_db_proxy_default_target_group.this[0].connection_pool_config[0].init_query == "SET lock_wait_timeout = 9, innodb_lock_wait_timeout = 9"
    error_message = "The proxy limits waits for locks, as functions would pin their connections by that."
  }
  assert {
    condition     = output.access["reader"].environment["DATABASE_HOST"] == "shop-dev.proxy-abc.eu-west-1.rds.amazonaws.com" && output.access["reader"].environment["DATABASE_USER"] == "proxy_reader" && !contains(keys(output.access["reader"].environment), "DATABASE_TLS_CA")
    error_message = "Readers connect to the proxy, whose certificate everybody trusts."
  }
  assert {
    condition     = output.access["reader"].statements == [{ actions = ["rds-db:connect"], resources = ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABC/reader", "arn:aws:rds-db:eu-west-1:123456789012:dbuser:prx-ABC/proxy_reader"] }]
    error_message = "A role is that of all versions: those that were live before the proxy go on past it."
  }
  assert {
    condition     = output.access["owner"].environment["DATABASE_HOST"] == "shop-dev.cluster-abc.eu-west-1.rds.amazonaws.com" && length(output.access["owner"].statements) == 3 && output.access["owner"].environment["DATABASE_ACCOUNT_SECRETS"] == "shop-dev/database/"
    error_message = "The owner goes past the proxy, and fills the secrets of the accounts it makes."
  }
  assert {
    condition     = output.identifier == "shop-dev" && output.is_cluster
    error_message = "The cluster is what metrics are found by."
  }
}

run "past_a_proxy_before_it_is_removed" {
  command = plan

  module {
    source = "./modules/database"
  }

  variables {
    proxy_security_group_ids = ["sg-2"]
    settings = {
      engine                   = "mariadb"
      instance_class           = "db.t4g.medium"
      instances                = 1
      allocated_storage_gb     = 20
      max_allocated_storage_gb = 100
      multi_az                 = false
      backup_retention_days    = 7
      max_connections          = 300
      enable_proxy             = true
      use_proxy                = false
      enable_insights          = false
      monitoring_seconds       = 0
      min_capacity             = 0.5
      max_capacity             = 4
      seconds_until_pause      = 3600
      apply_immediately        = false
    }
  }

  assert {
    condition     = output.access["reader"].environment["DATABASE_HOST"] == "shop-dev.abc.eu-west-1.rds.amazonaws.com" && output.access["reader"].environment["DATABASE_USER"] == "reader" && output.access["reader"].environment["DATABASE_TLS_CA"] == "/var/task/lib/database/rds.pem"
    error_message = "New versions connect as if there were no proxy."
  }
  assert {
    condition     = length(aws_db_proxy.this) == 1 && contains(output.access["reader"].statements[0].resources, "arn:aws:rds-db:eu-west-1:123456789012:dbuser:prx-ABC/proxy_reader") && output.access["owner"].environment["DATABASE_ACCOUNT_SECRETS"] == "shop-dev/database/"
    error_message = "Live versions go on through it."
  }
}
