"""How the server and an instance talk: frames of a fixed header and a body, over a stream socket.

    server -> instance   uint32 lengths of the request's head and of the event, then both
    instance -> server   uint8 kind, uint32 peak memory in KB, uint32 length of the body, then that

The head of a request is lines: request id, deadline in ms since the epoch, ARN, trace, client context, which
may be empty.
"""

import struct
from enum import IntEnum

REQUEST = struct.Struct("<II")
ANSWER = struct.Struct("<BII")


class Kind(IntEnum):
    """What an instance says. RESULT and ERROR also mean that it waits for the next request."""

    READY = 0
    RESULT = 1
    ERROR = 2
    INIT_ERROR = 3
