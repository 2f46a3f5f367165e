TABLES = {"users": "users_v1"}
TABLE = TABLES["orders"]


def handler(event, context): ...
