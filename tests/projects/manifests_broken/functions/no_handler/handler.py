def handle(event, context):
    handler = None
