"""Says what is served, and keeps the record up to date: of edited functions and of deployed APIs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from toolchain.local.up.record import Record, write_record
from toolchain.local.up.table import RUNS_AS_BEFORE, describe_deployed, differences
from toolchain.project import Project


class Announcer:
    """Hears of deployed APIs and of edits before the record is written, and after."""

    def __init__(self, project: Project, say: Callable[[str], None]) -> None:
        self._project = project
        self._say = say
        self._apis: Mapping[str, str] = {}
        self._record: Record | None = None

    def publish(self, record: Record) -> Record:
        """Write the record, with what is deployed; from now on, say what changes."""
        self._record = replace(record, deployed=dict(self._apis))
        write_record(self._project, self._record)
        return self._record

    def declared(self, routes: Sequence[str]) -> None:
        """The functions of the checkout have been read again, and have these routes now."""
        self._say("functions were read again: what they declare has changed")
        if self._record is None:
            return
        for line in differences(self._record.routes, routes):
            self._say(line)
        self.publish(replace(self._record, routes=tuple(routes), problems=()))

    def broken(self, problems: Sequence[str]) -> None:
        """The functions can't be read as they are now."""
        self._say("\n".join([*problems, RUNS_AS_BEFORE]))
        if self._record:
            self.publish(replace(self._record, problems=tuple(problems)))

    def changed(self, apis: Mapping[str, str]) -> None:
        """The deployed APIs are these now: names by URL."""
        before, self._apis = self._apis, dict(apis)
        if self._record is None or before == self._apis:
            return
        self.publish(self._record)
        new = {url: name for url, name in self._apis.items() if before.get(url) != name}
        for line in describe_deployed(new):
            self._say(line)
