# Values that AWS would refuse later, or never. Each validation is broken once: a run breaks one of each variable, since
# every run costs a second. Run with TF_WORKSPACE=local, the stage of these tests.
mock_provider "aws" {}

variables {
  stage          = "local"
  account_id     = "123456789012"
  region         = "eu-west-1"
  functions_file = "tests/fixtures/functions.json"
}

run "round_1" {
  command = plan

  variables {
    # functions file that is not there
    functions_file = "tests/fixtures/none.json"
    # account id with too few digits
    account_id = "12345678901"
    # region with a space
    region = "eu west 1"
    # log level that python does not have
    functions = { log_level = "VERBOSE" }
    # log retention that cloudwatch does not have
    log_retention_days = 10
    # cidr block of eight addresses
    network = { cidr_block = "10.0.0.0/29" }
    # engine of another family
    database = { engine = "postgres" }
    # mfa sometimes
    auth = { mfa = "SOMETIMES" }
    # cors with credentials for everybody
    api = { cors = { allow_origins = ["*"], allow_credentials = true } }
    # email without at
    observability = { emails = ["ops"] }
    # repository with a wildcard
    ci = { repository = "example/*" }
  }

  expect_failures = [var.functions_file, var.account_id, var.region, var.functions, var.log_retention_days, var.network, var.database, var.auth, var.api, var.observability, var.ci]
}

run "round_2" {
  command = plan

  variables {
    # document of another toolchain
    functions_file = "tests/fixtures/other_format.json"
    # database concurrency of none
    functions = { database_concurrency = 0 }
    # one zone
    network = { zones = ["a"] }
    # engine version in words
    database = { engine_version = "latest" }
    # callback without tls
    auth = { callback_urls = ["http://app.example.com/"] }
    # cors origin with a path
    api = { cors = { allow_origins = ["https://app.example.com/"] } }
    # budget of nothing
    observability = { monthly_budget_usd = 0, emails = ["ops@example.com"] }
    # environment with a wildcard
    ci = { repository = "example/shop", environment = "prod*" }
  }

  expect_failures = [var.functions_file, var.functions, var.network, var.database, var.auth, var.api, var.observability, var.ci]
}

run "round_3" {
  command = plan

  variables {
    # runtime without python
    functions_file = "tests/fixtures/other_runtime.json"
    # variable that lambda sets
    functions = { environment = { work = { AWS_REGION = "eu-central-1" } } }
    # endpoints in more zones than there are
    network = { endpoint_zones = 3 }
    # instance class without db
    database = { instance_class = "t4g.micro" }
    # logout without callback
    auth = { logout_urls = ["https://app.example.com/"] }
    # cors for two days
    api = { cors = { allow_origins = ["https://app.example.com"], max_age_seconds = 172800 } }
    # budget that nobody hears of
    observability = { monthly_budget_usd = 100 }
    # environment with a wildcard
    ci = { repository = "example/shop", environment = "*" }
  }

  expect_failures = [var.functions_file, var.functions, var.network, var.database, var.auth, var.api, var.observability, var.ci]
}

run "round_4" {
  command = plan

  variables {
    # ways out of more zones than there are
    network = { nat_zones = 3 }
    # project name that is no bucket name
    functions_file = "tests/fixtures/project_name.json"
    # no instances
    database = { instances = 0 }
    # access token for a minute
    auth = { access_token_minutes = 1 }
    # throttling that refuses everything
    api = { throttling_rate_limit = 0 }
    # oidc provider of somebody else
    ci = { repository = "example/shop", oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }
  }

  expect_failures = [var.network, var.functions_file, var.database, var.auth, var.api, var.ci]
}

run "round_5" {
  command = plan

  variables {
    # project name that cognito refuses
    functions_file = "tests/fixtures/project_word.json"
    # storage below gp3s least
    database = { allocated_storage_gb = 10, max_allocated_storage_gb = 0 }
    # refresh token for ever
    auth = { refresh_token_days = 4000 }
    # certificate by name
    api = { domain = { name = "api.example.com", certificate_arn = "example" } }
    # functions that make roles
    ci = { repository = "example/shop", function_actions = ["iam:CreateRole"] }
  }

  expect_failures = [var.functions_file, var.database, var.auth, var.api, var.ci]
}

run "round_6" {
  command = plan

  variables {
    # stage that no file describes
    stage = "prodd"
    # storage that hardly grows
    database = { allocated_storage_gb = 100, max_allocated_storage_gb = 105 }
    # password of six
    auth = { minimum_password_length = 6 }
    # domain with a scheme
    api = { domain = { name = "https://api.example.com", certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1" } }
  }

  expect_failures = [var.stage, var.database, var.auth, var.api]
}

run "round_7" {
  command = plan

  variables {
    # function name that is too long
    functions_file = "tests/fixtures/long_name.json"
    # no backups
    database = { backup_retention_days = 0 }
    # ses without a sender
    auth = { ses_identity_arn = "arn:aws:ses:eu-west-1:123456789012:identity/example.com" }
  }

  expect_failures = [var.stage, var.database, var.auth]
}

run "round_8" {
  command = plan

  variables {
    # queue name that is too long
    functions_file = "tests/fixtures/long_queue.json"
    # hardly any connections
    database = { max_connections = 5 }
    # ses identity by name
    auth = { ses_identity_arn = "example.com", from_email_address = "noreply@example.com" }
  }

  expect_failures = [var.stage, var.database, var.auth]
}

run "round_9" {
  command = plan

  variables {
    # bucket name that is too long
    functions_file = "tests/fixtures/long_bucket.json"
    # monitoring every two seconds
    database = { monitoring_seconds = 2 }
  }

  expect_failures = [var.stage, var.database]
}

# 64 characters with the number of the rule, which is one of two.
run "rule_name_that_is_too_long" {
  command = plan

  variables {
    functions_file = "tests/fixtures/long_rule.json"
  }

  expect_failures = [var.stage]
}

run "round_10" {
  command = plan

  variables {
    # capacity in thirds
    database = { engine = "aurora-mysql", min_capacity = 0.3 }
  }

  expect_failures = [var.database]
}

run "round_11" {
  command = plan

  variables {
    # pause after a minute
    database = { seconds_until_pause = 60 }
  }

  expect_failures = [var.database]
}

run "round_12" {
  command = plan

  variables {
    # aurora that pauses behind a proxy
    database = { engine = "aurora-mysql", min_capacity = 0, enable_proxy = true }
  }

  expect_failures = [var.database]
}

run "round_13" {
  command = plan

  variables {
    # insights on a micro instance
    database = { enable_insights = true }
  }

  expect_failures = [var.database]
}
