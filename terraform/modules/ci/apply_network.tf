# What is in the stage's VPC: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
locals {
  ec2 = "${local.arn}:ec2:${local.in_place}"
  vpc = "${local.ec2}:vpc/${var.vpc_id}"

  network_makers = ["ec2:CreateFlowLogs", "ec2:CreateRouteTable", "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateVpcEndpoint"]
  network_parts  = [for part in ["route-table", "security-group", "security-group-rule", "subnet", "vpc-endpoint", "vpc-flow-log"] : "${local.ec2}:${part}/*"]

  network_statements = [
    {
      Sid      = "Vpc"
      Effect   = "Allow"
      Action   = concat(local.network_makers, ["ec2:CreateTags", "ec2:DeleteTags", "ec2:ModifyVpcAttribute"])
      Resource = local.vpc
    },
    {
      Sid       = "NewParts"
      Effect    = "Allow"
      Action    = local.network_makers
      Resource  = local.network_parts # * is an id that AWS draws
      Condition = { StringEquals = local.tagging }
    },
    {
      Sid       = "NewRules"
      Effect    = "Allow"
      Action    = "ec2:AuthorizeSecurityGroup*"
      Resource  = "${local.ec2}:security-group-rule/*" # * is an id that AWS draws
      Condition = { StringEquals = local.tagging }
    },
    {
      Sid       = "TagsOfNewParts"
      Effect    = "Allow"
      Action    = "ec2:CreateTags"
      Resource  = local.network_parts # * is an id that AWS draws
      Condition = { StringEquals = merge(local.tagging, { "ec2:CreateAction" = concat([for maker in local.network_makers : trimprefix(maker, "ec2:")], ["AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress"]) }) }
    },
    {
      Sid    = "OwnParts"
      Effect = "Allow"
      Action = [
        "ec2:AssociateRouteTable", "ec2:AuthorizeSecurityGroup*", "ec2:CreateTags", "ec2:CreateVpcEndpoint", "ec2:DeleteFlowLogs",
        "ec2:DeleteRouteTable", "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DeleteVpcEndpoints",
        "ec2:DisassociateRouteTable", "ec2:ModifySecurityGroupRules", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcEndpoint",
        "ec2:RevokeSecurityGroup*", "ec2:UpdateSecurityGroupRuleDescriptions*",
      ]
      Resource  = local.network_parts # * is an id that AWS draws
      Condition = { StringEquals = local.tagged }
    },
    {
      # Lambda's interfaces, which hold a security group or subnet that is deleted, have no tags of the stage; nor has
      # the VPC's default security group before the provider adopts it.
      Sid       = "InVpc"
      Effect    = "Allow"
      Action    = ["ec2:CreateTags", "ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface", "ec2:RevokeSecurityGroup*"]
      Resource  = ["${local.ec2}:network-interface/*", "${local.ec2}:security-group/*"] # * is an id that AWS draws
      Condition = { ArnEquals = { "ec2:Vpc" = local.vpc } }
    },
    {
      # A dependent action of ec2:CreateVpcEndpoint with private names.
      Sid      = "NamesOfEndpoints"
      Effect   = "Allow"
      Action   = "route53:AssociateVPCWithHostedZone"
      Resource = "${local.arn}:route53:::hostedzone/*" # AWS makes one for each endpoint
    },
    {
      Sid      = "ListsOfGateways"
      Effect   = "Allow"
      Action   = "ec2:ModifySecurityGroupRules"
      Resource = "${local.arn}:ec2:${var.place.region}:aws:prefix-list/*" # AWS's own: S3 and DynamoDB
    },
  ]
}
