"""A cloud with a stage of the application deployed to it, and packages of a single file."""

import io
import signal
import zipfile
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from lib.database import connect
from lib.settings import database_settings, reading
from tests.integration.deployed.stack import Stack, build_application
from tests.integration.running_up import Cloud
from toolchain.local.up.record import Record


class Deployment:
    """A cloud, and a stage that is deployed to it."""

    def __init__(self, cloud: Cloud) -> None:
        root = cloud.project.root
        self.document: Mapping[str, Any] = build_application(root)
        self.cloud = cloud
        self.stack = Stack(cloud.start(), root / "dist")

    def deploy(self) -> None:
        for declaration in self.document["functions"].values():
            self.stack.deploy_function(declaration)
        self.stack.invoke("migrate_database", {})
        self.pool, self.app = self.stack.deploy_pool({"PostConfirmation": "create_user"})
        self.api_id = self.stack.deploy_api(self.document, self.pool, self.app)

    def restart(self, number: int = signal.SIGTERM) -> None:
        """End the cloud with a signal, and start it again."""
        self.cloud.stop(number)
        self.stack.reach(self.cloud.start())

    def declared(self, name: str) -> Mapping[str, Any]:
        """A function that no manifest declares, with handler.py for its code."""
        health = self.document["functions"]["health"]
        return {**health, "name": name, "handler": "handler.handler", "database": "none"}

    def schemas(self) -> set[str]:
        """The schemas of the private MariaDB that its account can see."""
        with reading(self.cloud.record.database) as read:
            settings = database_settings(read)
        with closing(connect(settings)) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW DATABASES")
            return {name for (name,) in cursor.fetchall()}

    @property
    def as_client(self) -> Record:
        """What clients of the deployed stage have to know."""
        record = self.cloud.record
        return Record(
            **{
                **{name: getattr(record, name) for name in record.__slots__},
                "api_url": self.stack.url(self.api_id),
                "user_pool_id": self.pool,
                "client_id": self.app,
            }
        )


def package(source: str) -> bytes:
    """A package whose handler.py is the source."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("handler.py", source)
    return content.getvalue()


def answering(text: str) -> bytes:
    """A package whose function answers with a text."""
    return package(f"def handler(event, context):\n    return {text!r}\n")
