import pydantic


def handler(event, context): ...
