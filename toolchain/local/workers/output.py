"""What an instance writes on its way to the log: whole lines, and the end of each request's part."""

from toolchain.local.workers.logs import LogStore

_TAIL_BYTES = 4096
"""Of LogType=Tail: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html."""
_LINE_BYTES = 1 << 18


class Output:
    """The log of one instance."""

    def __init__(self, store: LogStore, function: str, stream: str) -> None:
        self._store = store
        self._function = function
        self._stream = stream
        self._request_id: str | None = None
        self._partial = b""
        self._start = b""
        self._tail = b""

    def begin(self, request_id: str, line: str) -> None:
        """What is written from now on belongs to the request; to the first also what the import wrote.

        The line itself waits for what follows it, but not for long: most requests are over by then, and their
        part of the log is one entry.
        """
        self._end_line()
        if self._request_id is not None:
            self._tail = b""
        self._request_id = request_id
        self._start = f"{line}\n".encode()
        self._store.expect(self)

    def write_start(self) -> None:
        """Write the line that begins the request, if nothing has followed it yet."""
        if self._start:
            self._keep(b"")

    def say(self, text: str) -> None:
        """Lines of the service's own."""
        self._end_line()
        self._keep(text.encode())

    def add(self, data: bytes) -> None:
        """What was read from the instance. Lambda, too, breaks lines of more than 256 KB."""
        end = data.rfind(b"\n") + 1
        if end:
            self._keep(self._partial + data[:end])
            self._partial = data[end:]
        else:
            self._partial += data
        if len(self._partial) > _LINE_BYTES:
            self._end_line()

    def tail(self) -> bytes:
        """The last 4 KB of the request."""
        self.write_start()
        return self._tail

    def _end_line(self) -> None:
        if self._partial:
            text, self._partial = self._partial + b"\n", b""
            self._keep(text)

    def _keep(self, text: bytes) -> None:
        if self._start:
            text, self._start = self._start + text, b""
        self._tail = (self._tail + text)[-_TAIL_BYTES:]
        self._store.write(self._function, self._stream, self._request_id, text)
