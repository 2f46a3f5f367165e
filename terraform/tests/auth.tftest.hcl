# Sign-in: triggers, groups and scopes come from manifests.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_cognito_user_pool" {
    defaults = { id = "eu-west-1_1", arn = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_1", endpoint = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_1" }
  }
}

variables {
  name         = "shop-dev"
  place        = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  is_protected = true
  key_arn      = "arn:aws:kms:eu-west-1:123456789012:key/1"
  groups       = ["admins", "editors"]
  scopes       = ["aws.cognito.signin.user.admin", "files/read", "files/write"]
  triggers = {
    PostConfirmation   = { function_name = "shop-dev-sign_up", alias_arn = "arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-sign_up:live" }
    PreTokenGeneration = { function_name = "shop-dev-sign_up", alias_arn = "arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-sign_up:live", version = "V2_0" }
    CustomEmailSender  = { function_name = "shop-dev-sign_up", alias_arn = "arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-sign_up:live" }
  }
  settings = {
    mfa                       = "OPTIONAL"
    enable_user_password_auth = false
    enable_self_sign_up       = true
    callback_urls             = ["https://app.example.com/"]
    logout_urls               = ["https://app.example.com/"]
    access_token_minutes      = 60
    refresh_token_days        = 30
    minimum_password_length   = 12
    enable_threat_protection  = false
  }
}

run "pool" {
  command = plan

  module {
    source = "./modules/auth"
  }

  assert {
    condition     = aws_cognito_user_pool.this.lambda_config[0].post_confirmation == var.triggers["PostConfirmation"].alias_arn && aws_cognito_user_pool.this.lambda_config[0].pre_token_generation_config[0].lambda_version == "V2_0" && aws_cognito_user_pool.this.lambda_config[0].kms_key_id == var.key_arn
    error_message = "Triggers call the alias, tokens in the declared version, and codes are encrypted for whoever sends them."
  }
  assert {
    condition     = alltrue([for permission in aws_lambda_permission.trigger : permission.source_arn == aws_cognito_user_pool.this.arn && permission.qualifier == "live" && permission.principal == "cognito-idp.amazonaws.com"]) && length(aws_lambda_permission.trigger) == 3
    error_message = "Only this pool may call trigger functions."
  }
  assert {
    condition     = toset(keys(aws_cognito_user_group.this)) == toset(["admins", "editors"])
    error_message = "The groups are those that routes ask for."
  }
  assert {
    condition     = toset([for scope in aws_cognito_resource_server.this["files"].scope : scope.scope_name]) == toset(["read", "write"]) && length(aws_cognito_resource_server.this) == 1
    error_message = "Scopes with a slash are a resource server's, and Cognito's own are not."
  }
  assert {
    condition     = !aws_cognito_user_pool_client.app.generate_secret && aws_cognito_user_pool_client.app.explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]) && aws_cognito_user_pool_client.app.prevent_user_existence_errors == "ENABLED"
    error_message = "The app keeps no secret, sends no password, and learns of no user."
  }
  assert {
    condition     = aws_cognito_user_pool_client.app.allowed_oauth_flows == toset(["code"]) && contains(aws_cognito_user_pool_client.app.allowed_oauth_scopes, "files/read")
    error_message = "The hosted UI gives codes, never tokens in an address, and the scopes that routes ask for."
  }
  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE" && aws_cognito_user_pool.this.username_attributes == toset(["email"]) && !aws_cognito_user_pool.this.username_configuration[0].case_sensitive
    error_message = "The pool can't be deleted by mistake, and e-mail addresses are the same in any case."
  }
}

run "without_pages_or_triggers" {
  command = plan

  module {
    source = "./modules/auth"
  }

  variables {
    triggers     = {}
    is_protected = false
    settings = {
      mfa                       = "OFF"
      enable_user_password_auth = true
      enable_self_sign_up       = false
      callback_urls             = []
      logout_urls               = []
      access_token_minutes      = 60
      refresh_token_days        = 30
      minimum_password_length   = 12
      enable_threat_protection  = true
    }
  }

  assert {
    condition     = length(aws_cognito_user_pool.this.lambda_config) == 0 && length(aws_lambda_permission.trigger) == 0
    error_message = "Without triggers nothing is called."
  }
  assert {
    condition     = !aws_cognito_user_pool_client.app.allowed_oauth_flows_user_pool_client && contains(aws_cognito_user_pool_client.app.explicit_auth_flows, "ALLOW_USER_PASSWORD_AUTH")
    error_message = "Without pages there is no OAuth; passwords may be sent where the stage says so."
  }
  assert {
    condition     = aws_cognito_user_pool.this.user_pool_tier == "PLUS" && aws_cognito_user_pool.this.admin_create_user_config[0].allow_admin_create_user_only && aws_cognito_user_pool.this.deletion_protection == "INACTIVE"
    error_message = "Threat protection is the Plus tier's."
  }
}
