output "plan_role_arn" {
  description = "ARN of the role that plans."
  value       = aws_iam_role.plan.arn
}

output "apply_role_arn" {
  description = "ARN of the role that deploys."
  value       = aws_iam_role.apply.arn
}

output "permissions_boundary_arn" {
  description = "ARN of the policy that bounds roles made by deployments."
  value       = aws_iam_policy.boundary.arn
}
