# One function: what calls it, and what its role may do.
mock_provider "aws" {
  override_during = plan

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/shop-dev-work" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/role" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { version = "7" }
  }
  mock_resource "aws_lambda_alias" {
    defaults = { arn = "arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-work:live" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-work-failures" }
  }
}

variables {
  name               = "shop-dev"
  place              = { partition = "aws", region = "eu-west-1", account_id = "123456789012" }
  key_arn            = "arn:aws:kms:eu-west-1:123456789012:key/1"
  log_retention_days = 14
  log_level          = "INFO"
  runtime            = "python3.13"
  package            = { bucket = "shop-dev-artifacts-123456789012", key = "functions/work/1.zip" }
  sources = {
    queues  = { orders = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-orders", "bills.fifo" = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-bills.fifo" }
    topics  = { news = "arn:aws:sns:eu-west-1:123456789012:shop-dev-news" }
    tables  = { things = "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev-things" }
    streams = { things = "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev-things/stream/1" }
    buckets = { uploads = "arn:aws:s3:::shop-dev-uploads-123456789012" }
    buses   = { shop = "arn:aws:events:eu-west-1:123456789012:event-bus/shop-dev-shop" }
  }
}

run "outside_of_the_vpc" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    function = jsondecode(file("tests/fixtures/functions.json")).functions.work
  }

  assert {
    condition     = aws_lambda_function.this.function_name == "shop-dev-work" && aws_lambda_function.this.publish && aws_lambda_function.this.tags.function == "work"
    error_message = "A function is <project>-<stage>-<name>, publishes versions, and is tagged with its name."
  }
  assert {
    condition     = aws_lambda_function.this.s3_key == "functions/work/1.zip" && aws_lambda_function.this.source_code_hash == jsondecode(file("tests/fixtures/functions.json")).functions.work.zip.sha256_base64
    error_message = "The package is the built one, and its hash alone says whether it has changed."
  }
  assert {
    condition     = length(aws_lambda_function.this.vpc_config) == 0 && !strcontains(aws_iam_role_policy.this.policy, "ec2:")
    error_message = "Without a database a function is outside of the VPC, and its role has nothing to do there."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[0].Resource == "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/shop-dev-work:*"
    error_message = "A function writes its own log only."
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Effect == "Allow" && (statement.Resource != "*" || statement.Sid == "Traces")])
    error_message = "Only traces may have the resource *, besides what the manifest declares with a reason."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement if startswith(statement.Sid, "Declared")] == [{
      Sid = "Declared1", Effect = "Allow", Action = ["ses:SendEmail"], Resource = ["*"], Condition = { StringEquals = { "ses:FromAddress" = ["noreply@example.com"] } }
    }]
    error_message = "What a manifest declares is what the role has, its conditions included."
  }
  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => statement.Resource if contains(["Queue1", "Queue2", "Stream1", "Failures"], statement.Sid) } == {
      Queue1   = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-bills.fifo"
      Queue2   = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-orders"
      Stream1  = "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev-things/stream/*"
      Failures = "arn:aws:sqs:eu-west-1:123456789012:shop-dev-work-failures"
    }
    error_message = "A function reads its own queues and streams, and writes to its own queue of failures."
  }
  assert {
    condition     = length(setsubtract([for mapping in merge(aws_lambda_event_source_mapping.queue, aws_lambda_event_source_mapping.stream) : mapping.function_name], [aws_lambda_alias.live.arn])) == 0 && length(aws_lambda_event_source_mapping.queue) == 2
    error_message = "Event sources call the alias."
  }
  assert {
    condition     = length(aws_lambda_event_source_mapping.queue["orders"].function_response_types) == 1 && length(aws_lambda_event_source_mapping.queue["bills.fifo"].function_response_types) == 0
    error_message = "Single messages are reported where the manifest says so."
  }
  assert {
    condition     = alltrue([for mapping in aws_lambda_event_source_mapping.queue : length(mapping.scaling_config) == 0])
    error_message = "Without a reserved concurrency Lambda takes as many messages at once as it likes."
  }
  assert {
    condition     = aws_lambda_permission.topic["news"].source_arn == "arn:aws:sns:eu-west-1:123456789012:shop-dev-news" && aws_lambda_permission.topic["news"].qualifier == "live" && aws_sns_topic_subscription.this["news"].endpoint == aws_lambda_alias.live.arn
    error_message = "A topic calls the alias, and no other topic may."
  }
  assert {
    condition     = aws_lambda_permission.bucket["uploads"].source_arn == "arn:aws:s3:::shop-dev-uploads-123456789012" && aws_lambda_permission.bucket["uploads"].source_account == "123456789012"
    error_message = "A bucket calls the alias as long as it is this account's."
  }
  assert {
    condition     = aws_cloudwatch_event_rule.this["1"].event_bus_name == "default" && aws_cloudwatch_event_rule.this["2"].event_bus_name == "shop-dev-shop" && aws_cloudwatch_event_target.this["2"].arn == aws_lambda_alias.live.arn
    error_message = "Each rule is at its own bus, and calls the alias."
  }
  assert {
    condition     = aws_scheduler_schedule.this["1"].target[0].arn == aws_lambda_alias.live.arn && jsondecode(aws_iam_role_policy.schedule[0].policy).Statement[0].Resource == aws_lambda_alias.live.arn && jsondecode(aws_scheduler_schedule.this["1"].target[0].input) == { task = "sweep" }
    error_message = "A schedule calls the alias with the declared input, and may call nothing else."
  }
  assert {
    condition     = aws_lambda_function_event_invoke_config.live[0].destination_config[0].on_failure[0].destination == aws_sqs_queue.failures[0].arn && aws_lambda_function_event_invoke_config.live[0].qualifier == "live"
    error_message = "Events that fail three times are kept."
  }
}

run "in_the_vpc" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    function             = jsondecode(file("tests/fixtures/functions.json")).functions.change_thing
    reserved_concurrency = 3
    network              = { subnet_ids = ["subnet-1", "subnet-2"], security_group_id = "sg-1" }
    database = {
      environment = { DATABASE_AUTH = "iam" }
      statements  = [{ actions = ["rds-db:connect"], resources = ["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-1/writer"] }]
    }
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/shop-dev-boundary"
  }

  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"]) && aws_lambda_function.this.reserved_concurrent_executions == 3
    error_message = "A function with a database is in the private subnets, and takes no more connections than it reserves."
  }
  assert {
    condition     = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => try(statement.Condition, null) if statement.Effect == "Deny" } == { NotByTheCode = { ArnEquals = { "lambda:SourceFunctionArn" = ["arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-change_thing"] } } }
    error_message = "Lambda handles network interfaces, and the function's code does not."
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "Database1"] == [["arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-1/writer"]]
    error_message = "A function connects as its own user."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if startswith(statement.Sid, "Declared")] == [
      ["arn:aws:sqs:eu-west-1:123456789012:shop-dev-orders"],
      ["arn:aws:s3:::shop-dev-uploads-123456789012/*"],
      ["arn:aws:s3:::shop-dev-uploads-123456789012", "arn:aws:s3:::shop-dev-uploads-123456789012/incoming/*"],
      [
        "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev-things",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/shop-dev-things/index/by_date",
        "arn:aws:events:eu-west-1:123456789012:event-bus/shop-dev-shop",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/others/index/by_date",
        "arn:aws:s3:::uploads-of-others/*",
        "arn:aws:sqs:eu-central-1:999999999999:orders",
      ],
    ]
    error_message = "What triggers name becomes the stage's with all that is in it, in its region and account; what they don't is somebody else's."
  }
  assert {
    condition     = aws_lambda_function.this.environment[0].variables["DATABASE_AUTH"] == "iam" && aws_lambda_function.this.environment[0].variables["RESOURCE_PREFIX"] == "shop-dev-" && aws_lambda_function.this.environment[0].variables["BUCKET_SUFFIX"] == "-123456789012" && aws_lambda_function.this.environment[0].variables["POWERTOOLS_METRICS_NAMESPACE"] == "shop-dev" && strcontains(aws_lambda_function.this.environment[0].variables["HTTP_ROUTE_GROUPS"], "editors")
    error_message = "A function has its declared variables, the database's and the platform's."
  }
  assert {
    condition     = aws_iam_role.this.permissions_boundary == "arn:aws:iam::123456789012:policy/shop-dev-boundary"
    error_message = "A role is inside the boundary when there is one."
  }
  assert {
    condition     = length(aws_sqs_queue.failures) == 0 && length(aws_lambda_function_event_invoke_config.live) == 0
    error_message = "Whoever waits for the answer hears of the failure: no queue."
  }
}

run "queues_share_what_is_reserved" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    function             = jsondecode(file("tests/fixtures/functions.json")).functions.work
    reserved_concurrency = 7
  }

  assert {
    condition     = { for queue, mapping in aws_lambda_event_source_mapping.queue : queue => one(mapping.scaling_config[*].maximum_concurrency) } == { orders = 3, "bills.fifo" = 3 }
    error_message = "Lambda takes no more messages at once than there are instances for: refused ones would go aside after five times."
  }
}

run "queues_of_a_function_with_a_single_instance" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    function             = jsondecode(file("tests/fixtures/functions.json")).functions.work
    reserved_concurrency = 1
  }

  assert {
    condition     = alltrue([for mapping in aws_lambda_event_source_mapping.queue : length(mapping.scaling_config) == 0])
    error_message = "AWS takes no limit below 2."
  }
}

run "queue_with_a_limit_of_its_own" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    function = merge(jsondecode(file("tests/fixtures/functions.json")).functions.work, {
      triggers = merge(jsondecode(file("tests/fixtures/functions.json")).functions.work.triggers, {
        sqs = [{ queue = "orders", batch_size = 10, maximum_batching_window_seconds = 0, report_batch_item_failures = true, maximum_concurrency = 5 }]
      })
    })
    reserved_concurrency = 20
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue["orders"].scaling_config[0].maximum_concurrency == 5
    error_message = "What the manifest declares holds."
  }
}
