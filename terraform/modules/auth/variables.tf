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
}
