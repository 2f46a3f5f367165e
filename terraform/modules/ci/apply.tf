# Deploys the stage: only from the environment, which GitHub guards with reviewers.
resource "aws_iam_role" "apply" {
  name                 = "${var.name}-ci-apply"
  description          = "GitHub deploys ${var.name}"
  assume_role_policy   = local.trust.apply
  max_session_duration = 7200

  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "apply_state" {
  name = "read-and-write-state"
  role = aws_iam_role.apply.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.state_statements, local.read_statements, [
    {
      Sid      = "WriteState"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = local.state
    },
    {
      # The toolchain's own lock: it also covers migrations and aliases.
      Sid      = "LockDeploys"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
      Resource = "${local.state_bucket}/stages/${var.stage}/deploy.lock"
    },
  ]) })
}

resource "aws_iam_role_policy" "apply_roles" {
  name   = "make-bounded-roles"
  role   = aws_iam_role.apply.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.role_statements })
}

# Managed, as a role's inline policies have 10,240 characters together.
resource "aws_iam_policy" "apply" {
  for_each = local.apply_policies

  name        = "${var.name}-ci-apply-${each.key}"
  description = "What GitHub changes of ${var.name}: ${each.key}"
  policy      = jsonencode({ Version = "2012-10-17", Statement = each.value })
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each = local.apply_policies

  role       = aws_iam_role.apply.name
  policy_arn = aws_iam_policy.apply[each.key].arn
}

locals {
  in_place = "${var.place.region}:${var.place.account_id}"
  arn      = "arn:${var.place.partition}"

  # Where stages share an account, each deploys itself alone: its resources are told by their names, else by their
  # ids or tags (Service Authorization Reference: resource types and condition keys of each action). What an id is
  # the only name of was made before this role: the VPC, the user pool, the key and the API are replaced by people.
  apply_policies = {
    named   = local.named_statements
    network = local.network_statements
    others  = concat(local.unnamed_statements, local.foreign_statements)
  }

  own_tags = { project = var.project, stage = var.stage }
  tagged   = { for key, value in local.own_tags : "aws:ResourceTag/${key}" => value }
  tagging  = { for key, value in local.own_tags : "aws:RequestTag/${key}" => value }

  # Whatever else is allowed: not what another stage of the project has tagged. Actions whose resources AWS does not
  # know the tags of pass.
  foreign_statements = [
    {
      Sid      = "NotOtherStages"
      Effect   = "Deny"
      Action   = "*"
      Resource = "*" # a Deny
      Condition = {
        StringEquals    = { "aws:ResourceTag/project" = var.project }
        StringNotEquals = { "aws:ResourceTag/stage" = var.stage }
        Null            = { "aws:ResourceTag/stage" = "false" }
      }
    },
  ]
}
