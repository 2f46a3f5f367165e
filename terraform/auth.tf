variable "auth" {
  description = "Sign-in. callback_urls and logout_urls: pages of the app that uses the hosted UI (none: no OAuth); ses_identity_arn: who sends the mails (null: Cognito, 50 a day)."
  type = object({
    mfa                       = optional(string, "OPTIONAL")
    enable_user_password_auth = optional(bool, false)
    enable_self_sign_up       = optional(bool, true)
    callback_urls             = optional(set(string), [])
    logout_urls               = optional(set(string), [])
    access_token_minutes      = optional(number, 60)
    refresh_token_days        = optional(number, 30)
    minimum_password_length   = optional(number, 12)
    enable_threat_protection  = optional(bool, false)
    ses_identity_arn          = optional(string)
    from_email_address        = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.auth.mfa)
    error_message = "auth.mfa is ${var.auth.mfa}; use OFF, OPTIONAL or ON."
  }
  validation {
    # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-app-idp-settings.html
    condition     = alltrue([for url in setunion(var.auth.callback_urls, var.auth.logout_urls) : can(regex("^(https://|http://localhost[:/]|[a-z][a-z0-9+.-]*://)", url)) && !can(regex("^http://", replace(url, "/^http://localhost[:/].*/", "")))])
    error_message = "auth.callback_urls and logout_urls: use https, http://localhost or an app's own scheme."
  }
  validation {
    condition     = length(var.auth.logout_urls) == 0 || length(var.auth.callback_urls) > 0
    error_message = "auth.logout_urls are set and callback_urls are not; the hosted UI needs callback_urls."
  }
  validation {
    condition     = var.auth.access_token_minutes >= 5 && var.auth.access_token_minutes <= 1440
    error_message = "auth.access_token_minutes is ${var.auth.access_token_minutes}; use 5 to 1440."
  }
  validation {
    condition     = var.auth.refresh_token_days >= 1 && var.auth.refresh_token_days <= 3650 && 1440 * var.auth.refresh_token_days >= var.auth.access_token_minutes
    error_message = "auth.refresh_token_days is ${var.auth.refresh_token_days}; use 1 to 3650, and no less than an access token's life."
  }
  validation {
    condition     = var.auth.minimum_password_length >= 8 && var.auth.minimum_password_length <= 99
    error_message = "auth.minimum_password_length is ${var.auth.minimum_password_length}; use 8 to 99."
  }
  validation {
    condition     = (var.auth.ses_identity_arn == null) == (var.auth.from_email_address == null)
    error_message = "auth.ses_identity_arn and from_email_address: set both, or neither for Cognito's own mail."
  }
  validation {
    condition     = var.auth.ses_identity_arn == null ? true : can(regex("^arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity/.+$", var.auth.ses_identity_arn))
    error_message = "auth.ses_identity_arn is not the ARN of an SES identity, such as arn:aws:ses:eu-west-1:123456789012:identity/example.com."
  }
}

module "auth" {
  source = "./modules/auth"

  name         = local.name
  place        = local.place
  settings     = var.auth
  is_protected = var.protected
  key_arn      = module.encryption.key_arn
  groups       = local.groups
  scopes       = local.scopes
  triggers = { for trigger, use in local.pool_triggers : trigger => {
    function_name = module.function[use.function].function_name
    alias_arn     = module.function[use.function].alias_arn
    version       = use.version
  } }
}
