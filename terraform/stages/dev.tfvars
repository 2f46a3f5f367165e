# The newest commit of the main branch, for the team. Small, and without anything that can't be made again.
stage      = "dev"
account_id = "123456789012" # yours
region     = "eu-west-1"

protected          = false
log_retention_days = 14

functions = {
  log_level = "DEBUG"
}

database = {
  backup_retention_days = 1
  apply_immediately     = true
}

auth = {
  enable_user_password_auth = true # for scripts
  callback_urls             = ["http://localhost:3000/", "http://localhost:5173/"]
  logout_urls               = ["http://localhost:3000/", "http://localhost:5173/"]
}

api = {
  cors = { allow_origins = ["http://localhost:3000", "http://localhost:5173"] }
}

observability = {
  enable_alarms = false
}
