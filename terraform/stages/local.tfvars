# The local cloud. Nothing here is worth protecting, and its account is the one that AWS uses in examples.
stage      = "local"
account_id = "123456789012"
region     = "eu-west-1"

protected          = false
log_retention_days = 1

database = {
  backup_retention_days = 1
  apply_immediately     = true
}

auth = {
  mfa                       = "OFF"
  enable_user_password_auth = true
  callback_urls             = ["http://localhost:3000/", "http://localhost:5173/"]
  logout_urls               = ["http://localhost:3000/", "http://localhost:5173/"]
  minimum_password_length   = 8
}

api = {
  cors = { allow_origins = ["http://localhost:3000", "http://localhost:5173"] }
}

observability = {
  enable_alarms    = false
  enable_dashboard = false
}
