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

module "network" {
  source = "./modules/network"

  name               = local.name
  place              = local.place
  cidr_block         = var.network.cidr_block
  zones              = var.network.zones
  endpoint_zones     = var.network.endpoint_zones
  services           = local.services
  enable_proxy       = var.database.enable_proxy
  key_arn            = module.encryption.key_arn
  log_retention_days = var.log_retention_days
}

module "database" {
  source = "./modules/database"

  name                     = local.name
  place                    = local.place
  settings                 = var.database
  is_protected             = var.protected
  key_arn                  = module.encryption.key_arn
  subnet_ids               = module.network.subnet_ids
  security_group_id        = module.network.database_security_group_id
  proxy_security_group_ids = module.network.proxy_security_group_ids
  log_retention_days       = var.log_retention_days
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

module "function" {
  source   = "./modules/function"
  for_each = local.functions

  name                     = local.name
  place                    = local.place
  function                 = each.value
  runtime                  = local.runtime
  package                  = { bucket = module.storage.artifact_bucket, key = "functions/${each.key}/${each.value.zip.sha256}.zip" }
  key_arn                  = module.encryption.key_arn
  log_level                = var.functions.log_level
  log_retention_days       = var.log_retention_days
  reserved_concurrency     = each.value.reserved_concurrency != null ? each.value.reserved_concurrency : each.value.database != "none" ? var.functions.database_concurrency : null
  network                  = each.value.database == "none" ? null : { subnet_ids = module.network.subnet_ids, security_group_id = module.network.functions_security_group_id }
  database                 = each.value.database == "none" ? null : module.database.access[each.value.database]
  sources                  = module.sources.arns
  decrypts_codes           = length([for trigger in each.value.triggers.cognito : trigger if contains(["CustomEmailSender", "CustomSMSSender"], trigger.trigger)]) > 0
  permissions_boundary_arn = one(module.ci[*].permissions_boundary_arn)
}

module "auth" {
  source = "./modules/auth"

  name         = local.name
  place        = local.place
  settings     = var.auth
  is_protected = var.protected
  key_arn      = module.encryption.key_arn
  groups       = local.groups
  scopes       = local.scopes
  triggers = { for trigger, use in local.pool_triggers : trigger => {
    function_name = module.function[use.function].function_name
    alias_arn     = module.function[use.function].alias_arn
    version       = use.version
  } }
}

module "api" {
  source = "./modules/api"

  name     = local.name
  settings = var.api
  routes   = local.routes
  functions = { for name in distinct([for route in local.routes : route.function]) : name => {
    function_name    = module.function[name].function_name
    alias_invoke_arn = module.function[name].alias_invoke_arn
  } }
  issuer             = "https://${module.auth.user_pool_endpoint}"
  audience           = module.auth.client_id
  key_arn            = module.encryption.key_arn
  log_retention_days = var.log_retention_days
}

module "observability" {
  source = "./modules/observability"

  name           = local.name
  place          = local.place
  stage          = var.stage
  settings       = var.observability
  key_arn        = module.encryption.key_arn
  functions      = { for name, function in module.function : name => { function_name = function.function_name, timeout_seconds = local.functions[name].timeout_seconds } }
  failure_queues = merge(module.sources.dead_letter_queue_names, { for name, function in module.function : name => function.failure_queue_name if function.failure_queue_name != null })
  api_id         = module.api.api_id
  database       = { identifier = module.database.identifier, is_cluster = module.database.is_cluster, max_connections = var.database.max_connections, allocated_storage_gb = var.database.allocated_storage_gb }
}

module "ci" {
  source = "./modules/ci"
  count  = var.ci == null ? 0 : 1

  name            = local.name
  project         = local.project
  place           = local.place
  settings        = var.ci == null ? null : merge(var.ci, { environment = coalesce(var.ci.environment, var.stage) })
  stage           = var.stage
  artifact_bucket = module.storage.artifact_bucket
  key_arn         = module.encryption.key_arn
}
