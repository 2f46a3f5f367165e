"""Says which migrations have come since the database was migrated; a file may be half written yet."""

from collections.abc import Callable

from toolchain.project import Project


class NewMigrations:
    """Those that are there when this is made are not new."""

    def __init__(self, project: Project, say: Callable[[str], None]) -> None:
        self._project = project
        self._say = say
        self._known = self._names()

    async def look(self) -> None:
        """Say of each new file, once, when it counts."""
        new = self._names() - self._known
        self._known |= new
        for name in sorted(new):
            self._say(f"{name} is applied at the next start")

    def _names(self) -> frozenset[str]:
        return frozenset(map(self._project.relative, self._project.migrations.glob("*.sql")))
