# What customers use: two zones, protected data, alarms.
stage      = "prod"
account_id = "123456789012" # yours
region     = "eu-west-1"

functions = {
  database_concurrency = 20 # for each; 7 functions, twice during a release: fits max_connections
}

network = {
  endpoint_zones = 2
}

database = {
  instance_class           = "db.t4g.medium"
  allocated_storage_gb     = 50
  max_allocated_storage_gb = 500
  multi_az                 = true
  backup_retention_days    = 30
  max_connections          = 300
  enable_insights          = true
  monitoring_seconds       = 60
}

auth = {
  callback_urls = ["https://app.example.com/"] # yours
  logout_urls   = ["https://app.example.com/"]
}

api = {
  cors                   = { allow_origins = ["https://app.example.com"] } # yours
  throttling_rate_limit  = 500
  throttling_burst_limit = 1000
}

observability = {
  emails = ["ops@example.com"] # yours
}
