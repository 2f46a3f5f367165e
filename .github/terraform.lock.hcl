# The AWS provider of the workflows: the release that terraform/versions.tf names as tested, and no newer one.
# The checksum is of its files for the workflows' runners (linux_amd64), whether they come from the registry or from
# a mirror. To take another release: `terraform init -upgrade` in terraform/ on such a machine, test, and copy the
# version and the h1 checksum of terraform/.terraform.lock.hcl.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.100.0, < 7.0.0"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
  ]
}
