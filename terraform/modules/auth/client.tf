locals {
  has_pages = length(var.settings.callback_urls) > 0

  # things/read is the scope read of the resource server things. Others, such as openid, are Cognito's.
  own_scopes = { for scope in var.scopes : scope => {
    server = join("/", slice(split("/", scope), 0, length(split("/", scope)) - 1))
    name   = element(split("/", scope), length(split("/", scope)) - 1)
  } if strcontains(scope, "/") }
  servers = toset([for scope in local.own_scopes : scope.server])
}

# Browsers and phones: no secret, because they can't keep one.
resource "aws_cognito_user_pool_client" "app" {
  name            = "${var.name}-app"
  user_pool_id    = aws_cognito_user_pool.this.id
  generate_secret = false

  explicit_auth_flows = concat(
    ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    var.settings.enable_user_password_auth ? ["ALLOW_USER_PASSWORD_AUTH"] : [],
    contains(keys(var.triggers), "DefineAuthChallenge") ? ["ALLOW_CUSTOM_AUTH"] : [],
  )
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  supported_identity_providers  = ["COGNITO"]

  allowed_oauth_flows_user_pool_client = local.has_pages
  allowed_oauth_flows                  = local.has_pages ? ["code"] : null
  allowed_oauth_scopes                 = local.has_pages ? setunion(["openid", "email", "profile", "aws.cognito.signin.user.admin"], keys(local.own_scopes)) : null
  callback_urls                        = local.has_pages ? var.settings.callback_urls : null
  logout_urls                          = local.has_pages ? var.settings.logout_urls : null

  access_token_validity  = var.settings.access_token_minutes
  id_token_validity      = var.settings.access_token_minutes
  refresh_token_validity = var.settings.refresh_token_days

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }

  depends_on = [aws_cognito_resource_server.this]
}

# The account's number makes the prefix, which is unique in the region, nobody else's.
resource "aws_cognito_user_pool_domain" "this" {
  domain       = "${var.name}-${var.place.account_id}"
  user_pool_id = aws_cognito_user_pool.this.id
}

resource "aws_cognito_resource_server" "this" {
  for_each = local.servers

  identifier   = each.key
  name         = each.key
  user_pool_id = aws_cognito_user_pool.this.id

  dynamic "scope" {
    for_each = { for scope, parts in local.own_scopes : parts.name => scope if parts.server == each.key }

    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}
