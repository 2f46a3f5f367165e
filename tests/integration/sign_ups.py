"""Many sign-ups at once: Cognito's own protocol over few connections, without the weight of boto3."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.integration.running_up import PASSWORD
from toolchain.local.up.record import Record


class RefusedError(Exception):
    """The cloud answered, but with an error; the text is its body."""


class Connection:
    """Requests over one connection, one after another."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, headers: dict[str, str], body: bytes) -> Any:  # noqa: ANN401 - JSON
        """The answer's JSON. Raises RefusedError, or OSError when there is no whole answer."""
        return await self._send("POST", path, headers, body)

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return await self._send("GET", path, {}, b"")

    async def _send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:  # noqa: ANN401
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection(*self._address.split(":"))
            reader, writer = self._streams
            fields = {"host": self._address, "content-length": str(len(body)), **headers}
            head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
            status, answer = await _read(reader)
        except (OSError, EOFError) as error:
            self.close()
            raise ConnectionError(str(error)) from error
        if status != 200:
            raise RefusedError(answer.decode())
        return json.loads(answer or b"null")

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
    fields = dict(line.split(": ", 1) for line in head[1:] if line)
    return int(head[0].split()[1]), await reader.readexactly(int(fields["content-length"]))


@dataclass(slots=True)
class Acknowledged:
    """Subs by e-mail: of those who were told that they have signed up, and that they are confirmed."""

    signed_up: dict[str, str] = field(default_factory=dict)
    confirmed: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


type Deliveries = Callable[[int], int]
"""How often the event of a user's confirmation reaches the function, by the user's number."""


async def sign_up_many(
    record: Record, numbers: range, connections: int, deliveries: Deliveries = lambda _: 1
) -> Acknowledged:
    """Sign users up and confirm them, all at once, and return what was acknowledged.

    Cognito delivers each event once; further deliveries of the same come from here, at the same time.
    """
    acknowledged = Acknowledged()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(Connection(record.endpoint_url))

    async def use[T](work: Callable[[Connection], Awaitable[T]]) -> T:
        connection = await free.get()
        try:
            return await work(connection)
        finally:
            free.put_nowait(connection)

    async def sign_up(number: int) -> None:
        email = f"user{number}@example.com"
        try:
            acknowledged.signed_up[email] = sub = await use(lambda c: _sign_up(c, record, email))
            [message] = await use(lambda c: c.get(f"/_inbox?to={email}"))
            again = [use(lambda c: _deliver(c, record, email, sub)) for _ in range(deliveries(number) - 1)]
            await asyncio.gather(use(lambda c: _confirm(c, record, email, message["code"])), *again)
            acknowledged.confirmed[email] = sub
        except (RefusedError, ConnectionError) as error:
            acknowledged.failures.append(str(error))

    await asyncio.gather(*map(sign_up, numbers))
    while not free.empty():
        free.get_nowait().close()
    return acknowledged


async def _sign_up(connection: Connection, record: Record, email: str) -> str:
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": "Ada Lovelace"}]
    members = {"Username": email, "Password": PASSWORD, "UserAttributes": attributes}
    sub: str = (await _call(connection, record, "SignUp", members))["UserSub"]
    return sub


async def _confirm(connection: Connection, record: Record, email: str, code: str) -> None:
    await _call(connection, record, "ConfirmSignUp", {"Username": email, "ConfirmationCode": code})


async def _call(connection: Connection, record: Record, operation: str, members: dict[str, Any]) -> Any:  # noqa: ANN401
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": f"AWSCognitoIdentityProviderService.{operation}",
    }
    body = json.dumps({"ClientId": record.client_id, **members}).encode()
    return await connection.post("/", headers, body)


async def _deliver(connection: Connection, record: Record, email: str, sub: str) -> None:
    """The event of a user's confirmation once more, as Lambda may get it: at least once."""
    attributes = {
        "sub": sub,
        "email": email,
        "email_verified": "true",
        "name": "Ada Lovelace",
        "cognito:user_status": "CONFIRMED",
    }
    event = {
        "version": "1",
        "triggerSource": "PostConfirmation_ConfirmSignUp",
        "region": record.region,
        "userPoolId": record.user_pool_id,
        "userName": sub,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": record.client_id},
        "request": {"userAttributes": attributes},
        "response": {},
    }
    answer = await connection.post(
        "/2015-03-31/functions/create_user/invocations", {}, json.dumps(event).encode()
    )
    if answer != event:
        raise RefusedError(json.dumps(answer))
