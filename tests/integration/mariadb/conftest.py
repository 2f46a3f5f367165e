"""A project with a private MariaDB of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.mariadb.servers import is_alive_in
from toolchain.local.mariadb import find_program, remove_database
from toolchain.local.mariadb.instance import Instance
from toolchain.local.mariadb.storage import provide_template
from toolchain.project import Project


@pytest.fixture
def project(tmp_path: Path, checkout: Project) -> Iterator[Project]:
    """A project without a database; it has the checkout's template, so that no test has to make one."""
    project = Project(tmp_path)
    template = provide_template(checkout.local / "mariadb-templates", find_program())
    project.local.mkdir()
    (project.local / "mariadb-templates").symlink_to(template.parent)
    yield project
    remove_database(project)
    assert not is_alive_in(project)


@pytest.fixture
def instance(project: Project) -> Instance:
    return Instance(project.local / "mariadb")
