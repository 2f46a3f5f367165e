resource "aws_cloudwatch_event_bus" "this" {
  for_each = var.buses

  name = "${var.name}-${each.key}"
}
