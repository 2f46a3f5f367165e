"""Deploys a stage: Terraform, then the release of what it has published.

commands ── deployment ─┬─ opened: stages (tfvars), cloud (credentials), state_bucket, lock
                        ├─ preparation ── terraform (interrupts, stream, failures, cli_config)
                        ├─ plans, guard, summary: what a plan would do
                        └─ releasing ── releases
"""
