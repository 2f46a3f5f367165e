# The proxy signs in to the database with a secret per account; the owner fills the secrets when it makes
# the accounts, so no password is ever in Terraform's state.
resource "aws_secretsmanager_secret" "account" {
  for_each = var.settings.enable_proxy ? local.accounts : toset([])

  name                    = "${var.name}/database/${local.proxy_accounts[each.key]}"
  description             = "RDS Proxy's sign-in to the database as ${local.proxy_accounts[each.key]}"
  kms_key_id              = var.key_arn
  recovery_window_in_days = 0 # a new one is filled by the next deploy, and the name of one to be deleted can't be used
}

resource "aws_db_proxy" "this" {
  count = var.settings.enable_proxy ? 1 : 0

  name                   = var.name
  engine_family          = "MYSQL"
  require_tls            = true
  role_arn               = aws_iam_role.proxy[0].arn
  vpc_subnet_ids         = var.subnet_ids
  vpc_security_group_ids = var.proxy_security_group_ids
  idle_client_timeout    = 1800

  dynamic "auth" {
    for_each = aws_secretsmanager_secret.account

    content {
      description = local.proxy_accounts[auth.key]
      auth_scheme = "SECRETS"
      iam_auth    = "REQUIRED"
      secret_arn  = auth.value.arn
    }
  }

  depends_on = [aws_iam_role_policy.proxy]
}

resource "aws_db_proxy_default_target_group" "this" {
  count = length(aws_db_proxy.this)

  db_proxy_name = aws_db_proxy.this[0].name

  connection_pool_config {
    # What functions set for themselves without a proxy: a second less than they wait for an answer (lib/settings.py).
    # A SET of theirs would pin the connection: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
    init_query                   = "SET lock_wait_timeout = 9, innodb_lock_wait_timeout = 9"
    connection_borrow_timeout    = 2  # as long as functions wait for a connection
    max_connections_percent      = 90 # the rest is for migrations and people
    max_idle_connections_percent = 50
  }
}

resource "aws_db_proxy_target" "this" {
  count = length(aws_db_proxy.this)

  db_proxy_name          = aws_db_proxy.this[0].name
  target_group_name      = aws_db_proxy_default_target_group.this[0].name
  db_instance_identifier = one(aws_db_instance.this[*].identifier)
  db_cluster_identifier  = one(aws_rds_cluster.this[*].id)

  depends_on = [aws_rds_cluster_instance.this]
}

resource "aws_iam_role" "proxy" {
  count = var.settings.enable_proxy ? 1 : 0

  name                 = "${var.name}-rds-proxy"
  assume_role_policy   = local.proxy_trust
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "proxy" {
  count = length(aws_iam_role.proxy)

  name   = "read-account-secrets"
  role   = aws_iam_role.proxy[0].id
  policy = local.proxy_policy
}

locals {
  proxy_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "rds.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
      },
    ]
  })

  proxy_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = [for secret in aws_secretsmanager_secret.account : secret.arn]
      },
      {
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.key_arn
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.place.region}.amazonaws.com" } }
      },
    ]
  })
}
