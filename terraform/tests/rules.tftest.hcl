# Rules about several variables. Each run breaks one of them; `good` shows that the others hold.
# Run with TF_WORKSPACE=local, the stage of these tests.
mock_provider "aws" {}

variables {
  stage          = "local"
  account_id     = "123456789012"
  region         = "eu-west-1"
  functions_file = "tests/fixtures/functions.json"
  is_local_cloud = true
  observability  = { emails = ["ops@example.com"] }
}

run "good" {
  command = plan
}

run "stage_of_another_workspace" {
  command = plan

  variables {
    stage = "dev"
  }

  expect_failures = [terraform_data.stage_rules]
}

# Of the four functions that connect, one reserves 3, the owner 1, and two get 20 each: 44, twice during a release, and 4
# are spare.
run "more_reserved_than_the_database_connects" {
  command = plan

  variables {
    functions = { database_concurrency = 20 }
    database  = { max_connections = 91 }
  }

  expect_failures = [terraform_data.stage_rules]
}

run "exactly_as_many_as_the_database_connects" {
  command = plan

  variables {
    functions = { database_concurrency = 20 }
    database  = { max_connections = 92 }
  }
}

run "any_number_behind_a_proxy" {
  command = plan

  variables {
    functions = { database_concurrency = 20 }
    database  = { max_connections = 91, enable_proxy = true }
  }
}

run "more_reserved_than_the_database_connects_past_a_proxy" {
  command = plan

  variables {
    functions = { database_concurrency = 20 }
    database  = { max_connections = 66, enable_proxy = true, use_proxy = false }
  }

  expect_failures = [terraform_data.stage_rules]
}

run "aws_without_rdss_certificates" {
  command = plan

  variables {
    is_local_cloud = false
  }

  expect_failures = [terraform_data.stage_rules]
}

run "aws_without_rdss_certificates_behind_a_proxy" {
  command = plan

  variables {
    is_local_cloud = false
    database       = { enable_proxy = true }
  }

  expect_failures = [terraform_data.stage_rules]
}

run "alarms_that_nobody_is_told_of_in_a_protected_stage" {
  command = plan

  variables {
    observability = {}
  }

  expect_failures = [terraform_data.stage_rules]
}

run "no_alarms_and_nobody_to_be_told" {
  command = plan

  variables {
    observability = { enable_alarms = false }
  }
}

run "aurora_that_pauses_under_a_sign_up" {
  command = plan

  variables {
    database = { engine = "aurora-mysql", min_capacity = 0 }
  }

  expect_failures = [terraform_data.stage_rules]
}

run "few_backups_in_a_protected_stage" {
  command = plan

  variables {
    database = { backup_retention_days = 6 }
  }

  expect_failures = [terraform_data.stage_rules]
}

run "passwords_alone_in_a_protected_stage" {
  command = plan

  variables {
    auth = { mfa = "OFF" }
  }

  expect_failures = [terraform_data.stage_rules]
}

run "unprotected_stages_may_do_all_that" {
  command = plan

  variables {
    protected     = false
    database      = { engine = "aurora-mysql", min_capacity = 0, backup_retention_days = 1 }
    auth          = { mfa = "OFF" }
    observability = {}
  }
}

