# Functions that AWS or these modules would refuse later. Run with TF_WORKSPACE=local, the stage of these tests.
mock_provider "aws" {}

variables {
  stage          = "local"
  account_id     = "123456789012"
  region         = "eu-west-1"
  is_local_cloud = true
  observability  = { emails = ["ops@example.com"] }
}

run "good" {
  command = plan

  variables {
    functions_file = "tests/fixtures/functions.json"
  }
}

run "wildcard_without_a_reason" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unexplained.json"
  }

  expect_failures = [terraform_data.function_rules]
}

run "wildcard_in_a_name_without_a_reason" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unexplained_name.json"
  }

  expect_failures = [terraform_data.function_rules]
}

run "service_without_an_endpoint_in_the_vpc" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unreachable.json"
  }

  expect_failures = [terraform_data.function_rules]
}

run "service_that_is_reached_by_the_internet" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unreachable.json"
    network        = { nat_zones = 1 }
  }
}

run "more_routes_than_an_api_has" {
  command = plan

  variables {
    functions_file = "tests/fixtures/crowded.json"
  }

  expect_failures = [terraform_data.function_rules]
}

run "route_that_takes_id_tokens" {
  command = plan

  variables {
    functions_file = "tests/fixtures/open_route.json"
  }

  expect_failures = [terraform_data.function_rules]
}

run "variables_for_a_function_that_is_not_there" {
  command = plan

  variables {
    functions_file = "tests/fixtures/functions.json"
    functions      = { environment = { works = { KEY = "value" } } }
  }

  expect_failures = [terraform_data.function_rules]
}

run "more_variables_than_lambda_has_room_for" {
  command = plan

  variables {
    functions_file = "tests/fixtures/functions.json"
    functions      = { environment = { work = { KEY = format("%03319d", 0) } } } # 3329 bytes as JSON
  }

  expect_failures = [terraform_data.function_rules]
}

run "as_many_variables_as_lambda_has_room_for" {
  command = plan

  variables {
    functions_file = "tests/fixtures/functions.json"
    functions      = { environment = { work = { KEY = format("%03318d", 0) }, read_things = { PAGE_SIZE = "5" } } }
  }

  assert {
    condition     = local.environments["read_things"] == merge(jsondecode(file("tests/fixtures/functions.json")).functions.read_things.environment, { PAGE_SIZE = "5" })
    error_message = "A stage's variables are added to those of the manifest."
  }
}

run "action_outside_of_the_boundary" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unbounded.json"
    ci             = { repository = "example/shop" }
  }

  expect_failures = [terraform_data.function_rules]
}

# ses:* is not inside ses:Send*, but may be added.
run "part_of_an_action_outside_of_the_boundary" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unbounded.json"
    ci             = { repository = "example/shop", function_actions = ["bedrock:InvokeModel*"] }
  }

  expect_failures = [terraform_data.function_rules]
}

run "actions_that_the_stage_adds_to_the_boundary" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unbounded.json"
    ci             = { repository = "example/shop", function_actions = ["bedrock:InvokeModel*", "ses:*"] }
  }
}

run "no_boundary" {
  command = plan

  variables {
    functions_file = "tests/fixtures/unbounded.json"
  }
}

run "usual_actions" {
  command = plan

  variables {
    functions_file = "tests/fixtures/functions.json"
    ci             = { repository = "example/shop" }
  }
}
