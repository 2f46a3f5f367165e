"""Front doors: who may call an API from a browser, and how the database's proxy is reached."""

from collections.abc import Iterator

from toolchain.scan.findings import Finding
from toolchain.scan.plan import Plan

_CORS = {"aws_apigatewayv2_api": "cors_configuration", "aws_lambda_function_url": "cors"}


def cors_with_credentials(plan: Plan) -> Iterator[Finding]:
    """Every origin may send the user's cookies: browsers refuse `*`, and a pattern lets everybody in."""
    for resource in plan.of(*_CORS):
        for cors in resource.values.get(_CORS[resource.type]) or ():
            origins = [origin for origin in cors.get("allow_origins") or () if "*" in origin]
            if cors.get("allow_credentials") and origins:
                message = f"allow_credentials with allow_origins {', '.join(origins)}; name the origins"
                yield Finding("own/cors_with_credentials", resource.address, message)


def proxies_without_tls(plan: Plan) -> Iterator[Finding]:
    """RDS Proxy accepts plain connections unless require_tls is set."""
    for proxy in plan.of("aws_db_proxy"):
        if not proxy.values.get("require_tls"):
            yield Finding("own/proxy_without_tls", proxy.address, "require_tls is not true; set it")
