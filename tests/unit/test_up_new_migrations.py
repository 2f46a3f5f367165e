"""What `up` says of migrations that come while it runs."""

import asyncio
from pathlib import Path

from toolchain.local.up.new_migrations import NewMigrations
from toolchain.project import Project


def test_each_new_file_is_said_once(tmp_path: Path) -> None:
    """Not those that were applied at the start, nor what is no SQL."""
    project, said = Project(tmp_path), list[str]()
    project.migrations.mkdir()
    (project.migrations / "0001_notes.sql").touch()
    migrations = NewMigrations(project, said.append)
    asyncio.run(migrations.look())
    assert said == []
    for name in ("0003_more.sql", "0002_things.sql", "README.md"):
        (project.migrations / name).touch()
    for _ in range(2):
        asyncio.run(migrations.look())
    assert said == [
        "migrations/0002_things.sql is applied at the next start",
        "migrations/0003_more.sql is applied at the next start",
    ]
