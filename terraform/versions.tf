terraform {
  # 1.11: the S3 backend's own lock file (use_lockfile) is stable.
  required_version = ">= 1.11.0, < 2.0.0"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Tested with 5.100.0, which the workflows take (.github/terraform.lock.hcl). There is no lock file here: its
      # checksums would have to cover every developer's platform, and a filesystem mirror that holds another release
      # would be refused.
      version = ">= 5.100.0, < 7.0.0"
    }
  }

  # The toolchain gives bucket, key and region with -backend-config; the workspace is the stage.
  backend "s3" {
    encrypt              = true
    use_lockfile         = true
    workspace_key_prefix = "stages"
  }
}
