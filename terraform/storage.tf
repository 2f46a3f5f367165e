module "encryption" {
  source = "./modules/encryption"

  name         = local.name
  place        = local.place
  is_protected = var.protected
}

module "storage" {
  source = "./modules/storage"

  name         = local.name
  place        = local.place
  is_protected = var.protected
  key_arn      = module.encryption.key_arn
}
