import pymysql


def handler(event, context): ...
