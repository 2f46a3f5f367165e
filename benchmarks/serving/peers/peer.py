"""What a comparison needs to know of a local server."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from benchmarks.processes import Command


class Peer(Protocol):
    """A server that runs the handlers of a site."""

    @property
    def name(self) -> str:
        """What tables call it."""

    @property
    def version(self) -> str:
        """Of the tool, or of what it is made of."""

    def prepare(self) -> None:
        """Write what the server wants to find; not measured."""

    def command(self, port: int, database: Mapping[str, str], *, reload: bool) -> Command:
        """What serves /plain and /query on a port of 127.0.0.1; with `reload`, edits are to count."""

    @property
    def handler(self) -> Path:
        """The file to edit for another answer of /plain."""

    def sign_in(self) -> tuple[str, dict[str, str]]:
        """The path of `plain` as its users call it, and headers: behind an authorizer, where there is one.

        Of a server that runs.
        """
