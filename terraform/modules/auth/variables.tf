variable "name" {
  description = "Prefix of all names: <project>-<stage>."
  type        = string
  nullable    = false
}

variable "place" {
  description = "Where the stage is: parts of every ARN."
  type        = object({ partition = string, region = string, account_id = string })
  nullable    = false
}

variable "is_protected" {
  description = "Whether the stage holds what must not be lost."
  type        = bool
  nullable    = false
}

variable "key_arn" {
  description = "ARN of the stage's KMS key."
  type        = string
  nullable    = false
}

variable "groups" {
  description = "Groups that routes ask for."
  type        = set(string)
  nullable    = false
}

variable "scopes" {
  description = "Scopes that routes ask for; those with a slash are resource servers' own."
  type        = set(string)
  nullable    = false
}

variable "triggers" {
  description = "The pool's Lambda triggers by their name in LambdaConfig: the function and the alias that is called."
  type = map(object({
    function_name = string
    alias_arn     = string
    version       = optional(string)
  }))
  nullable = false
}

variable "settings" {
  description = "Sign-in, as the root variable `auth` describes it."
  type = object({
    mfa                       = string
    enable_user_password_auth = bool
    enable_self_sign_up       = bool
    callback_urls             = set(string)
    logout_urls               = set(string)
    access_token_minutes      = number
    refresh_token_days        = number
    minimum_password_length   = number
    enable_threat_protection  = bool
    ses_identity_arn          = optional(string)
    from_email_address        = optional(string)
  })
  nullable = false

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.settings.mfa)
    error_message = "auth.mfa is ${var.settings.mfa}; use OFF, OPTIONAL or ON."
  }
  validation {
    # https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-app-idp-settings.html
    condition     = alltrue([for url in setunion(var.settings.callback_urls, var.settings.logout_urls) : can(regex("^(https://|http://localhost[:/]|[a-z][a-z0-9+.-]*://)", url)) && !can(regex("^http://", replace(url, "/^http://localhost[:/].*/", "")))])
    error_message = "auth.callback_urls and logout_urls: use https, http://localhost or an app's own scheme."
  }
  validation {
    condition     = length(var.settings.logout_urls) == 0 || length(var.settings.callback_urls) > 0
    error_message = "auth.logout_urls are set and callback_urls are not; the hosted UI needs callback_urls."
  }
  validation {
    condition     = var.settings.access_token_minutes >= 5 && var.settings.access_token_minutes <= 1440
    error_message = "auth.access_token_minutes is ${var.settings.access_token_minutes}; use 5 to 1440."
  }
  validation {
    condition     = var.settings.refresh_token_days >= 1 && var.settings.refresh_token_days <= 3650 && 1440 * var.settings.refresh_token_days >= var.settings.access_token_minutes
    error_message = "auth.refresh_token_days is ${var.settings.refresh_token_days}; use 1 to 3650, and no less than an access token's life."
  }
  validation {
    condition     = var.settings.minimum_password_length >= 8 && var.settings.minimum_password_length <= 99
    error_message = "auth.minimum_password_length is ${var.settings.minimum_password_length}; use 8 to 99."
  }
  validation {
    condition     = (var.settings.ses_identity_arn == null) == (var.settings.from_email_address == null)
    error_message = "auth.ses_identity_arn and from_email_address: set both, or neither for Cognito's own mail."
  }
  validation {
    condition     = var.settings.ses_identity_arn == null ? true : can(regex("^arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity/.+$", var.settings.ses_identity_arn))
    error_message = "auth.ses_identity_arn is not the ARN of an SES identity, such as arn:aws:ses:eu-west-1:123456789012:identity/example.com."
  }
}
