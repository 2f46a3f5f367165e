variable "functions_file" {
  description = "What `invoke build` writes."
  type        = string
  default     = "../dist/functions.json"
}

variable "stage" {
  description = "The name of the stage; the workspace has the same."
  type        = string

  validation {
    condition     = var.stage == terraform.workspace
    error_message = "stage is ${var.stage}, but the workspace is ${terraform.workspace}."
  }
}

variable "account_id" {
  description = "The account that the stage is in."
  type        = string
}

variable "region" {
  description = "The region that the stage is in."
  type        = string
}

variable "protected" {
  description = "Whether `invoke destroy` refuses the stage."
  type        = bool
  default     = false
}

variable "sign_in_with" {
  description = "What users sign in with; another attribute is another pool."
  type        = string
  default     = "email"
}
