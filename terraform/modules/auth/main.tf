resource "aws_cognito_user_pool" "this" {
  name                     = var.name
  user_pool_tier           = var.settings.enable_threat_protection ? "PLUS" : "ESSENTIALS" # V2 token triggers need it
  deletion_protection      = var.is_protected ? "ACTIVE" : "INACTIVE"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = var.settings.mfa

  username_configuration {
    case_sensitive = false
  }

  # A new address counts when its owner has confirmed it.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  password_policy {
    minimum_length                   = var.settings.minimum_password_length
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = true
    require_uppercase                = true
    temporary_password_validity_days = 3
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.settings.enable_self_sign_up
  }

  verification_message_template {
    default_email_option = "CONFIRM_WITH_CODE"
  }

  email_configuration {
    email_sending_account = var.settings.ses_identity_arn == null ? "COGNITO_DEFAULT" : "DEVELOPER"
    source_arn            = var.settings.ses_identity_arn
    from_email_address    = var.settings.from_email_address
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.settings.mfa == "OFF" ? [] : [true]

    content {
      enabled = true
    }
  }

  dynamic "user_pool_add_ons" {
    for_each = var.settings.enable_threat_protection ? [true] : []

    content {
      advanced_security_mode = "ENFORCED"
    }
  }

  dynamic "lambda_config" {
    for_each = length(var.triggers) > 0 ? [true] : []

    content {
      create_auth_challenge          = try(var.triggers["CreateAuthChallenge"].alias_arn, null)
      custom_message                 = try(var.triggers["CustomMessage"].alias_arn, null)
      define_auth_challenge          = try(var.triggers["DefineAuthChallenge"].alias_arn, null)
      post_authentication            = try(var.triggers["PostAuthentication"].alias_arn, null)
      post_confirmation              = try(var.triggers["PostConfirmation"].alias_arn, null)
      pre_authentication             = try(var.triggers["PreAuthentication"].alias_arn, null)
      pre_sign_up                    = try(var.triggers["PreSignUp"].alias_arn, null)
      user_migration                 = try(var.triggers["UserMigration"].alias_arn, null)
      verify_auth_challenge_response = try(var.triggers["VerifyAuthChallengeResponse"].alias_arn, null)
      kms_key_id                     = length(local.senders) > 0 ? var.key_arn : null # codes are encrypted for the senders

      dynamic "pre_token_generation_config" {
        for_each = [for trigger, use in var.triggers : use if trigger == "PreTokenGeneration"]

        content {
          lambda_arn     = pre_token_generation_config.value.alias_arn
          lambda_version = pre_token_generation_config.value.version
        }
      }

      dynamic "custom_email_sender" {
        for_each = [for trigger, use in var.triggers : use if trigger == "CustomEmailSender"]

        content {
          lambda_arn     = custom_email_sender.value.alias_arn
          lambda_version = "V1_0"
        }
      }

      dynamic "custom_sms_sender" {
        for_each = [for trigger, use in var.triggers : use if trigger == "CustomSMSSender"]

        content {
          lambda_arn     = custom_sms_sender.value.alias_arn
          lambda_version = "V1_0"
        }
      }
    }
  }
}

locals {
  senders = [for trigger, use in var.triggers : trigger if contains(["CustomEmailSender", "CustomSMSSender"], trigger)]
}

resource "aws_lambda_permission" "trigger" {
  for_each = var.triggers

  statement_id  = "cognito-${each.key}"
  action        = "lambda:InvokeFunction"
  function_name = each.value.function_name
  qualifier     = "live"
  principal     = "cognito-idp.amazonaws.com"
  source_arn    = aws_cognito_user_pool.this.arn
}

resource "aws_cognito_user_group" "this" {
  for_each = var.groups

  name         = each.key
  user_pool_id = aws_cognito_user_pool.this.id
}
