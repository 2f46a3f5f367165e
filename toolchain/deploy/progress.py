"""What Terraform does, while it does it: a line for each thing done, and on a terminal what it is at."""

import time
from collections.abc import Callable
from typing import TextIO

from toolchain.deploy.stream import Event, diagnostic_of

_WIPE = "\r\033[2K"
_DONE = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced"}
_PATIENCE_SECONDS = 20
"""Without a terminal, what takes long is told this often: no news would look like a hang."""


class Progress:
    """Hears Terraform's events; `say` is for what else happens."""

    def __init__(self, output: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._output = output
        self._clock = clock
        self._is_terminal = output.isatty()
        self._running: dict[str, float] = {}
        self._planned = self._done = 0
        self._told = clock()

    def say(self, text: str) -> None:
        self._write(f"{text}\n")

    def step(self, text: str) -> None:
        """Something that may take a while begins."""
        if self._is_terminal:
            self._write(f"{text} ...")
        self._told = self._clock()

    def wipe(self) -> None:
        """Take what is only shown for the moment from a terminal."""
        if self._is_terminal:
            self._write("")

    def hear(self, event: Event) -> None:
        """An event of Terraform."""
        kind = event["type"]
        if kind == "planned_change":
            self._planned += 1
        elif kind in ("apply_start", "refresh_start"):
            self._running[_address(event)] = self._clock()
        elif kind in ("apply_complete", "apply_errored", "refresh_complete"):
            self._finish(event)
        warning = diagnostic_of(event)
        if warning and warning.severity == "warning" and not _is_expected(warning.summary):
            self.say(
                f"warning: {': '.join(filter(None, [warning.summary, *warning.detail.split('\n\n')[:1]]))}"
            )
        self._tell()

    def _finish(self, event: Event) -> None:
        address = _address(event)
        self._running.pop(address, None)
        if event["type"] == "refresh_complete":
            return
        self._done += 1
        hook = event["hook"]
        done = _DONE.get(hook["action"], hook["action"])
        failed = "not " if event["type"] == "apply_errored" else ""
        self.say(f"  {failed}{done:<8} {address}  {hook.get('elapsed_seconds', 0)} s")

    def _tell(self) -> None:
        """What takes longest: on a terminal for the moment, else once in a while."""
        if not self._running:
            return
        address, since = min(self._running.items(), key=lambda item: item[1])
        now = self._clock()
        text = f"  {len(self._running)} at once, the longest {address} ({now - since:.0f} s)"
        if self._is_terminal:
            self._write(text)
        elif now - self._told > _PATIENCE_SECONDS and now - since > _PATIENCE_SECONDS:
            self.say(text)
            self._told = now

    def _write(self, text: str) -> None:
        self._output.write(f"{_WIPE}{text}" if self._is_terminal else text)
        self._output.flush()


def _address(event: Event) -> str:
    return str(event["hook"]["resource"]["addr"])


def _is_expected(summary: str) -> bool:
    """What Terraform warns of since a first deploy makes the bucket alone, and since a mirror is used."""
    return summary in (
        "Resource targeting is in effect",
        "Applied changes may be incomplete",
        "Incomplete lock file information for providers",
    )
