"""Queues that call functions, as Lambda's pollers do it.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""
