"""AWS in memory for releases: every argument counts, as it does on AWS."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from toolchain.deploy.releases.lock import Holder, Timing
from toolchain.deploy.releases.services import (
    ABSENT,
    Alias,
    Answer,
    ChangedError,
    Document,
    LogEvent,
    StoredObject,
    Version,
)
from toolchain.deploy.releases.surroundings import Surroundings
from toolchain.deploy.releases.target import Target
from toolchain.errors import AwsError

TARGET = Target("shop", "dev", "eu-west-1", "123456789012")
START = datetime(2026, 1, 31, 12, tzinfo=UTC)
type Handler = Callable[[dict[str, Any]], Any]


class NotStartedError(Exception):
    """A handler that can't be imported: the failure names no request."""


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class FakeBucket:
    """`refuse` holds keys that can't be written."""

    objects: dict[str, bytes] = field(default_factory=dict)
    refuse: set[str] = field(default_factory=set)
    writes: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def head(self, key: str) -> StoredObject | None:
        body = self.objects.get(key)
        return None if body is None else StoredObject(len(body), hashlib.sha256(body).hexdigest())

    def read(self, key: str) -> Document | None:
        body = self.objects.get(key)
        return None if body is None else Document(body, _etag(body))

    def write(self, key: str, body: bytes, *, sha256: str, only_if: str | None = None) -> str:
        with self._lock:
            found = self.objects.get(key)
            there = ABSENT if found is None else _etag(found)
            if only_if is not None and only_if != there:
                raise ChangedError(f"{key}: somebody else has written it")
            if key in self.refuse:
                raise AwsError(f"s3:PutObject {key}: AccessDenied")
            if hashlib.sha256(body).hexdigest() != sha256:
                raise AwsError(f"s3:PutObject {key}: BadDigest")
            self.objects[key] = body
            self.writes.append(key)
            return _etag(body)

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))


@dataclass
class FakeFunction:
    """`versions` have a handler each, and the text that their zip is made from."""

    versions: dict[str, tuple[Handler, str]]
    aliases: dict[str, Alias]
    states: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class FakeFunctions:
    """`refuse` are (function, version) pairs to which no alias moves, and which are not deleted.

    When an alias moves to one of `lost`, nobody hears of it: the SDK asks again, for a revision that is gone.
    """

    functions: dict[str, FakeFunction] = field(default_factory=dict)
    refuse: set[tuple[str, str]] = field(default_factory=set)
    lost: set[tuple[str, str]] = field(default_factory=set)
    moves: list[tuple[str, str]] = field(default_factory=list)
    invoked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _revisions: int = 0

    def publish(self, function: str, handler: Handler, code: str) -> str:
        """A new version, as Terraform makes it; the alias is made with the first."""
        made = self.functions.setdefault(function, FakeFunction({}, {}))
        version = str(max(map(int, made.versions), default=0) + 1)
        made.versions[version] = (handler, code)
        if not made.aliases:
            made.aliases["live"] = self._revised(version)
        return version

    def alias(self, function: str, name: str) -> Alias | None:
        found = self.functions.get(function)
        return found.aliases.get(name) if found else None

    def move_alias(self, function: str, name: str, *, version: str, revision_id: str) -> Alias:
        with self._lock:
            found = self.functions[function]
            if found.aliases[name].revision_id != revision_id:
                raise ChangedError(f"{function}: somebody else has moved its alias {name}")
            if version not in found.versions or (function, version) in self.refuse:
                raise AwsError(f"lambda:UpdateAlias {function}:{name}: AccessDeniedException")
            found.aliases[name] = self._revised(version)
            self.moves.append((function, version))
            if (function, version) in self.lost:
                raise ChangedError(f"{function}: somebody else has moved its alias {name}")
            return found.aliases[name]

    def version(self, function: str, qualifier: str) -> Version | None:
        found = self.functions.get(function)
        number = self._number(function, qualifier)
        if found is None or number is None:
            return None
        states = found.states.get(number, [])
        state = states.pop(0) if states else "Active"
        return Version(state, "Creating" if state == "Pending" else "", sha256(found.versions[number][1]))

    def versions(self, function: str) -> list[str]:
        return sorted(self.functions[function].versions, key=int)

    def aliased(self, function: str) -> set[str]:
        return {alias.version for alias in self.functions[function].aliases.values()}

    def delete_version(self, function: str, number: str) -> None:
        with self._lock:
            if number in self.aliased(function):
                raise AwsError(f"lambda:DeleteFunction {function}:{number}: ResourceConflictException")
            if (function, number) in self.refuse:
                raise AwsError(f"lambda:DeleteFunction {function}:{number}: AccessDeniedException")
            self.functions[function].versions.pop(number, None)

    def log_group(self, function: str) -> str | None:
        return f"/aws/lambda/{function}" if function in self.functions else None

    def invoke(self, function: str, qualifier: str, payload: bytes) -> Answer | None:
        number = self._number(function, qualifier)
        if number is None:
            return None
        event = json.loads(payload)
        self.invoked.append((function, qualifier, event))
        try:
            result = self.functions[function].versions[number][0](event)
        except Exception as error:  # noqa: BLE001 - as Lambda does
            request_id = "" if isinstance(error, NotStartedError) else "8c3f1d0e"
            failure = {
                "errorType": type(error).__name__,
                "errorMessage": str(error),
                "requestId": request_id,
            }
            return Answer(json.dumps(failure).encode(), "Unhandled", b"", number)
        return Answer(json.dumps(result).encode(), None, b"", number)

    def live(self) -> dict[str, str]:
        """Where the aliases are, by the function's name."""
        return {name: function.aliases["live"].version for name, function in self.functions.items()}

    def _number(self, function: str, qualifier: str) -> str | None:
        found = self.functions.get(function)
        if found is None:
            return None
        number = found.aliases[qualifier].version if qualifier in found.aliases else qualifier
        return number if number in found.versions else None

    def _revised(self, version: str) -> Alias:
        self._revisions += 1
        return Alias(version, f"revision-{self._revisions}")


@dataclass
class FakeLogs:
    """`groups` hold events; they may come in any order."""

    groups: dict[str, list[LogEvent]] = field(default_factory=dict)

    def events(self, group: str, since_ms: int) -> Iterator[LogEvent]:
        found = [event for event in self.groups.get(group, []) if event.time_ms >= since_ms]
        return iter(sorted(found, key=lambda event: event.time_ms))


@dataclass
class FakeServices:
    """All of it, for one stage."""

    target: Target = TARGET
    bucket: FakeBucket = field(default_factory=FakeBucket)
    functions: FakeFunctions = field(default_factory=FakeFunctions)
    logs: FakeLogs = field(default_factory=FakeLogs)
    who: str = "arn:aws:iam::123456789012:user/ada"

    def caller(self) -> str:
        return self.who


@dataclass
class FakeWorld:
    """Surroundings without time: sleeping moves the clock; `request` answers with `statuses` by URL."""

    statuses: dict[str, list[int]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    slept: float = 0.0
    requests: list[tuple[str, str]] = field(default_factory=list)
    alive: bool = True
    machine: str = "laptop"

    def surroundings(self) -> Surroundings:
        return Surroundings(
            say=self.said.append,
            now=lambda: START + timedelta(seconds=self.slept),
            sleep=self.sleep,
            request=self.request,
            machine=self.machine,
            process=4711,
            is_alive=self.is_alive,
            lock_timing=Timing(beat=0.01, lease=0.2, look=0.01),
        )

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def request(self, method: str, url: str) -> int:
        self.requests.append((method, url))
        statuses = self.statuses.get(url, [])
        if not statuses:
            raise OSError("connection refused")
        return statuses.pop(0) if len(statuses) > 1 else statuses[0]

    def is_alive(self, _holder: Holder) -> bool:
        return self.alive


def route(method: str, path: str, auth: str = "none") -> dict[str, Any]:
    """A route as dist/functions.json has it."""
    return {
        "route_key": f"{method} {path}",
        "method": method,
        "path": path,
        "auth": auth,
        "payload_format_version": "2.0",
    }


def declared(code: str, *routes: dict[str, Any], **triggers: list[Any]) -> dict[str, Any]:
    """A function as dist/functions.json has it; its zip is made from the text `code`."""
    digest = sha256(code)
    base64_digest = base64.b64encode(bytes.fromhex(digest)).decode()
    return {
        "triggers": {"http": list(routes), "cognito": [], "sqs": [], **triggers},
        "zip": {"sha256": digest, "sha256_base64": base64_digest, "bytes": len(code)},
    }


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'  # noqa: S324 - as S3 does
