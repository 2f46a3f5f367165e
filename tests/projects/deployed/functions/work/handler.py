import json


def handler(event, context):
    """Log the event and by which ARN it came; fail if it says so, wherever it says so."""
    print(json.dumps({"event": event, "arn": context.invoked_function_arn}))
    if "please fail" in json.dumps(event):
        raise LookupError("as asked")
