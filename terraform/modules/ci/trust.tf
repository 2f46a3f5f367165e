# GitHub signs who runs: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
resource "aws_iam_openid_connect_provider" "github" {
  count = var.settings.oidc_provider_arn == null ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = [local.audience]
}

locals {
  issuer       = "token.actions.githubusercontent.com"
  audience     = "sts.amazonaws.com"
  provider_arn = coalesce(var.settings.oidc_provider_arn, one(aws_iam_openid_connect_provider.github[*].arn))

  # Exact names only: a pattern here would let other repositories, or any branch, in.
  subjects = {
    plan  = ["repo:${var.settings.repository}:pull_request", "repo:${var.settings.repository}:ref:refs/heads/${var.settings.branch}"]
    apply = ["repo:${var.settings.repository}:environment:${var.settings.environment}"]
  }
  trust = { for role, subjects in local.subjects : role => jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Federated = local.provider_arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = { StringEquals = {
          "${local.issuer}:aud" = local.audience
          "${local.issuer}:sub" = subjects
        } }
      },
    ]
  }) }
}
