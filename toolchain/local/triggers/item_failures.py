"""What a function's answer says about the items of its batch: ReportBatchItemFailures.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

import json
from collections.abc import Collection


def failed_items(payload: bytes, items: Collection[str]) -> frozenset[str]:
    """The items that failed, of those that were sent.

    All of them if the answer is not understood: not JSON, an identifier that is empty, null, of no item or
    under another key. None if it is null, `{}`, or has no list of failures or an empty one.

    >>> failed_items(b'{"batchItemFailures": [{"itemIdentifier": "b"}]}', ["a", "b"])
    frozenset({'b'})
    """
    everything = frozenset(items)
    try:
        answer = json.loads(payload or b"null")
    except ValueError:
        return everything
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    if failures is None:
        return frozenset()
    if not isinstance(failures, list):
        return everything
    identifiers = [failure.get("itemIdentifier") for failure in failures if isinstance(failure, dict)]
    words = [identifier for identifier in identifiers if isinstance(identifier, str)]
    understood = len(words) == len(failures) and everything.issuperset(words)
    return frozenset(words) if understood else everything
