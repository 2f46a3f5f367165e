"""A load generator for where wrk is not installed: python client_script.py OPTIONS, in JSON.

{"url": ..., "headers": {...}, "connections": 16, "seconds": 3}
-> {"requests": 30000, "seconds": 3.0, "p50_ms": 1.5}

Each connection sends its next request when it has the whole answer to the last. Answers have a
content-length; an answer other than 200 ends the program with its head on stderr.
"""

import asyncio
import json
import re
import statistics
import sys
import time
from typing import Any, cast
from urllib.parse import urlsplit

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """One connection; takes times of answers in seconds down in `latencies`."""

    def __init__(self, request: bytes, deadline: float, latencies: list[float]) -> None:
        self._request = request
        self._deadline = deadline
        self._latencies = latencies
        self._received = b""
        self._sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, content = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = _LENGTH.search(head)
        if not head.startswith((b"HTTP/1.1 200 ", b"HTTP/1.0 200 ")) or length is None:
            sys.exit(head.decode(errors="replace"))
        if len(content) >= int(length[1]):
            self._received = b""
            self._latencies.append(time.perf_counter() - self._sent_at)
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        self._sent_at = time.perf_counter()
        if self._sent_at > self._deadline:
            self._transport.close()
        else:
            self._transport.write(self._request)


async def run(options: dict[str, Any]) -> dict[str, float]:
    """Requests until the time is over; servers that close connections get new ones."""
    url = urlsplit(options["url"])
    head = [f"GET {url.path} HTTP/1.1", f"host: {url.netloc}"]
    head += [f"{name}: {value}" for name, value in options["headers"].items()]
    request = "\r\n".join([*head, "", ""]).encode()
    latencies: list[float] = []
    started = time.perf_counter()
    deadline = started + options["seconds"]
    loop = asyncio.get_running_loop()

    async def connect() -> None:
        while time.perf_counter() < deadline:
            _, connection = await loop.create_connection(
                lambda: Connection(request, deadline, latencies), url.hostname, url.port
            )
            await connection.done

    await asyncio.gather(*(connect() for _ in range(options["connections"])))
    seconds = time.perf_counter() - started
    p50_ms = statistics.median(latencies) * 1000
    return {"requests": len(latencies), "seconds": seconds, "p50_ms": p50_ms}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(run(json.loads(sys.argv[1])))))
