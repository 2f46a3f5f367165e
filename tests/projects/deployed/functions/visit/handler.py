def handler(event, context):
    return {"version": event["version"], "arn": context.invoked_function_arn}
