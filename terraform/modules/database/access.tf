# How a function connects, by the level it declares: its variables, and the statements of its role.
locals {
  accounts    = toset(["reader", "writer"])
  port        = local.is_cluster ? one(aws_rds_cluster.this[*].port) : one(aws_db_instance.this[*].port) # the engine's own, 3306
  address     = local.is_cluster ? one(aws_rds_cluster.this[*].endpoint) : one(aws_db_instance.this[*].address)
  resource_id = local.is_cluster ? one(aws_rds_cluster.this[*].cluster_resource_id) : one(aws_db_instance.this[*].resource_id)
  secret_arn  = local.is_cluster ? one(aws_rds_cluster.this[*].master_user_secret[0].secret_arn) : one(aws_db_instance.this[*].master_user_secret[0].secret_arn)

  # A proxy has its own id in rds-db ARNs, the last part of its ARN, and a certificate that everybody trusts.
  proxy_endpoint = one(aws_db_proxy.this[*].endpoint)
  proxy_id       = var.settings.enable_proxy ? element(split(":", aws_db_proxy.this[0].arn), length(split(":", aws_db_proxy.this[0].arn)) - 1) : null

  # A proxy that is not used is there for the versions that are live, until others are.
  uses_proxy     = var.settings.enable_proxy && var.settings.use_proxy
  proxy_accounts = { for account in local.accounts : account => "proxy_${account}" } # lib/database/function_accounts.py

  users      = "arn:${var.place.partition}:rds-db:${var.place.region}:${var.place.account_id}:dbuser"
  connection = { DATABASE_PORT = tostring(local.port), DATABASE_NAME = local.database_name }

  trust = var.certificates_path == null ? {} : { DATABASE_TLS_CA = var.certificates_path }

  account_access = { for account in local.accounts : account => {
    environment = merge(local.connection, {
      DATABASE_AUTH = "iam"
      DATABASE_HOST = local.uses_proxy ? local.proxy_endpoint : local.address
      DATABASE_USER = local.uses_proxy ? local.proxy_accounts[account] : account
    }, local.uses_proxy ? { DATABASE_PROXY = "on" } : local.trust)
    statements = [
      {
        # A role is that of all versions, and some that are live, or will be again, may connect the other way.
        actions = ["rds-db:connect"]
        resources = concat(
          ["${local.users}:${local.resource_id}/${account}"],
          var.settings.enable_proxy ? ["${local.users}:${local.proxy_id}/${local.proxy_accounts[account]}"] : [],
        )
      },
    ]
  } }

  # Migrations need a session of their own (GET_LOCK), so never go through the proxy.
  owner_access = {
    environment = merge(local.connection, {
      DATABASE_AUTH       = "secret"
      DATABASE_HOST       = local.address
      DATABASE_SECRET_ARN = local.secret_arn
    }, var.settings.enable_proxy ? { DATABASE_ACCOUNT_SECRETS = "${var.name}/database/" } : {}, local.trust)
    statements = concat(
      [
        {
          actions   = ["secretsmanager:GetSecretValue"]
          resources = [local.secret_arn]
        },
      ],
      [
        for secret in aws_secretsmanager_secret.account : {
          actions   = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]
          resources = [secret.arn]
        }
      ],
    )
  }
}
