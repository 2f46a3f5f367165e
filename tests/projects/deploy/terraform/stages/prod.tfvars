stage        = "prod"
account_id   = "123456789012" # the local cloud's
region       = "eu-west-1"
protected    = true
