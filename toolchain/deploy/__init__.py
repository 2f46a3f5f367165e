"""Deploys a stage: Terraform, then the release of what it has published."""
