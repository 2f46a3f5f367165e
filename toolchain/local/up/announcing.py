"""Says what is served, and keeps the record up to date, as APIs are deployed and removed."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from toolchain.local.up.record import Record, write_record
from toolchain.local.up.table import describe_deployed
from toolchain.project import Project


class Announcer:
    """Hears of deployed APIs before the record is written, and after."""

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

    def changed(self, apis: Mapping[str, str]) -> None:
        """The deployed APIs are these now: names by URL."""
        before, self._apis = self._apis, dict(apis)
        if self._record is None or before == self._apis:
            return
        self.publish(self._record)
        new = {url: name for url, name in self._apis.items() if before.get(url) != name}
        for line in describe_deployed(new):
            self._say(line)
