# GitHub signs who runs: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
resource "aws_iam_openid_connect_provider" "github" {
  count = var.settings.oidc_provider_arn == null ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = [local.audience]
}

locals {
  issuer       = "token.actions.githubusercontent.com"
  audience     = "sts.amazonaws.com"
  provider_arn = coalesce(var.settings.oidc_provider_arn, "arn:${var.place.partition}:iam::${var.place.account_id}:oidc-provider/${local.issuer}")

  # Exact names only: a pattern here would let other repositories, or any workflow, in. Plans have an environment of
  # their own, without reviewers, as a pull request, a branch and a tag have no subject in common.
  subjects = {
    plan  = "repo:${var.settings.repository}:environment:${var.settings.environment}-plan"
    apply = "repo:${var.settings.repository}:environment:${var.settings.environment}"
  }
  trust = { for role, subject in local.subjects : role => jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = local.provider_arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = { StringEquals = {
          "${local.issuer}:aud" = local.audience
          "${local.issuer}:sub" = subject
        } }
      },
    ]
  }) }
}
