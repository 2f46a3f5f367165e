"""How large what a function is given and returns may be.

Functions' own processes ask too, so this takes nothing but the standard library.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

EVENT_LIMIT_BYTES = 6_291_456
"""Of a synchronous call: 6 MiB."""

ASYNCHRONOUS_EVENT_LIMIT_BYTES = 1_048_576

RESPONSE_LIMIT_BYTES = 6_291_556
"""What Lambda's error for a larger one says."""
