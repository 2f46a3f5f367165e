"""The endpoint that things are made at, and the functions they are made for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from toolchain.local.place import Place
from toolchain.manifest.model import Function

type Connect = Callable[[str], Any]


@dataclass(frozen=True)
class Cloud:
    """Clients of boto3, made when they are first needed: each takes a while."""

    connect: Connect
    place: Place
    _clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3 makes its clients' classes at run time
        if service not in self._clients:
            self._clients[service] = self.connect(service)
        return self._clients[service]


@dataclass(frozen=True)
class Declared[Trigger]:
    """A trigger, its function, and a name for what the two need in common: `worker`, `worker-2`."""

    function: Function
    trigger: Trigger
    number: int

    @cached_property
    def name(self) -> str:
        return self.function.name if self.number == 1 else f"{self.function.name}-{self.number}"


def declared[Trigger](functions: Iterable[Function], kind: type[Trigger]) -> Iterator[Declared[Trigger]]:
    """The functions' triggers of a kind."""
    for function in functions:
        triggers = (trigger for trigger in function.triggers if isinstance(trigger, kind))
        for number, trigger in enumerate(triggers, start=1):
            yield Declared(function, trigger, number)
