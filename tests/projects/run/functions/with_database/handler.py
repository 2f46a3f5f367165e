import os
import socket


def handler(event, context):
    if "DATABASE_HOST" not in os.environ:
        return "none"
    with socket.create_connection((os.environ["DATABASE_HOST"], int(os.environ["DATABASE_PORT"]))):
        return {name: os.environ[name] for name in ("DATABASE_NAME", "DATABASE_USER", "DATABASE_AUTH")}
