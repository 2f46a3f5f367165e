module "function" {
  source   = "./modules/function"
  for_each = local.functions

  name                     = local.name
  place                    = local.place
  function                 = merge(each.value, { environment = local.environments[each.key] })
  runtime                  = local.runtime
  package                  = { bucket = module.storage.artifact_bucket, key = "functions/${each.key}/${each.value.zip.sha256}.zip" }
  key_arn                  = module.encryption.key_arn
  log_level                = var.functions.log_level
  log_retention_days       = var.log_retention_days
  reserved_concurrency     = local.reserved[each.key]
  network                  = each.value.database == "none" ? null : { subnet_ids = module.network.subnet_ids, security_group_id = module.network.functions_security_group_id }
  database                 = each.value.database == "none" ? null : module.database.access[each.value.database]
  sources                  = module.sources.arns
  permissions_boundary_arn = local.permissions_boundary_arn
}

module "sources" {
  source = "./modules/sources"

  name          = local.name
  place         = local.place
  is_protected  = var.protected
  key_arn       = module.encryption.key_arn
  queues        = local.queues
  topics        = local.topics
  tables        = local.tables
  buckets       = local.buckets
  buses         = local.buses
  notifications = local.notifications
  permissions   = flatten([for name in distinct(local.notifications[*].function) : module.function[name].bucket_permission_ids])
  aliases       = { for name in distinct(local.notifications[*].function) : name => module.function[name].alias_arn }
}
