resource "aws_cloudwatch_dashboard" "this" {
  count = var.settings.enable_dashboard ? 1 : 0

  dashboard_name = var.name
  dashboard_body = jsonencode({ widgets = [for index, widget in local.widgets : merge(widget, {
    type   = "metric"
    width  = 12
    height = 6
    x      = 12 * (index % 2)
    y      = 6 * floor(index / 2)
  })] })
}

locals {
  database_metric = [for key, value in local.database_dimension : [key, value]][0]

  graphs = [
    { title = "Requests", stat = "Sum", metrics = [for metric in ["Count", "4xx", "5xx"] : ["AWS/ApiGateway", metric, "ApiId", var.api_id]] },
    { title = "Latency of requests, p99 (ms)", stat = "p99", metrics = [for metric in ["Latency", "IntegrationLatency"] : ["AWS/ApiGateway", metric, "ApiId", var.api_id]] },
    { title = "Errors of functions", stat = "Sum", metrics = [for function in var.functions : ["AWS/Lambda", "Errors", "FunctionName", function.function_name]] },
    { title = "Duration of functions, p99 (ms)", stat = "p99", metrics = [for function in var.functions : ["AWS/Lambda", "Duration", "FunctionName", function.function_name]] },
    { title = "Instances of functions", stat = "Maximum", metrics = [for function in var.functions : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", function.function_name]] },
    { title = "Connections of the database", stat = "Maximum", metrics = [concat(["AWS/RDS", "DatabaseConnections"], local.database_metric)] },
    { title = "CPU of the database (%)", stat = "Average", metrics = [concat(["AWS/RDS", "CPUUtilization"], local.database_metric)] },
  ]

  widgets = [for graph in local.graphs : {
    properties = {
      title   = graph.title
      region  = var.place.region
      view    = "timeSeries"
      period  = 300
      stat    = graph.stat
      metrics = graph.metrics
    }
  }]
}
