"""What the AWS provider calls, as its own log tells (TF_LOG_PROVIDER=DEBUG), and what IAM asks for each call.

Operations and actions: docs.aws.amazon.com/service-authorization/latest/reference, by service.
"""

import fnmatch
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_METHOD = re.compile(r"\brpc\.method=(\w+)")
_SERVICE = re.compile(r'\brpc\.service=(?:"([^"]+)"|(\w+))')

_PREFIXES = {
    "CloudWatch Logs": "logs",
    "Cognito Identity Provider": "cognito-idp",
    "EventBridge": "events",
    "Secrets Manager": "secretsmanager",
}
_METHODS = {"Get": "GET", "Create": "POST", "Update": "PATCH", "Delete": "DELETE"}
_BUCKETS = {
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
}


def read_actions(logs: Iterable[Path]) -> set[str]:
    """The actions of all calls in logs. sts:GetCallerIdentity is left out, which nobody is refused."""
    actions = set()
    for log in logs:
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            method, service = _METHOD.search(line), _SERVICE.search(line)
            if method and service:
                actions.add(_action(service[1] or service[2], method[1]))
    return actions - {"sts:GetCallerIdentity"}


def _action(service: str, operation: str) -> str:
    if service == "ApiGatewayV2":
        return "apigateway:" + next(verb for word, verb in _METHODS.items() if operation.startswith(word))
    if service == "Budgets" and not operation.endswith(("Resource", "ForResource")):
        return "budgets:ViewBudget" if operation.startswith("Describe") else "budgets:ModifyBudget"
    if service == "S3":
        return f"s3:{_BUCKETS.get(operation, operation)}"
    return f"{_PREFIXES.get(service, service.lower())}:{operation}"


def allowed(policies: Iterable[str | dict[str, Any]]) -> set[str]:
    """The actions that policies allow, as they name them; of resources and conditions nothing is said."""
    documents = [json.loads(policy) if isinstance(policy, str) else policy for policy in policies]
    statements = [statement for document in documents for statement in document["Statement"]]
    actions = [statement["Action"] for statement in statements if statement["Effect"] == "Allow"]
    return {each for action in actions for each in ([action] if isinstance(action, str) else action)}


def refused(actions: Iterable[str], patterns: Iterable[str]) -> list[str]:
    """The actions that no pattern allows."""
    known = [pattern.lower() for pattern in patterns]
    return sorted(
        action for action in actions if not any(fnmatch.fnmatchcase(action.lower(), each) for each in known)
    )
