"""Tables whose changes call functions, as Lambda's readers of DynamoDB streams do it.

https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""
