"""Servers that call handlers inside a web framework: `chalice local`, and a Flask application."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Command
from benchmarks.serving.site import OPEN, Site, write_handlers
from benchmarks.surroundings import Surroundings

PACKAGES = {"chalice": "1.34.0", "flask": "3.1.3", "pymysql": "1.1.2"}

_CHALICE = """\
from chalice import Chalice, Response
from functions.plain.handler import handler as plain
from functions.query.handler import handler as query

app = Chalice(app_name="site")


def answer(handler):
    result = handler(app.current_request.to_dict(), None)
    return Response(result["body"], result["headers"], result["statusCode"])
"""
_FLASK = """\
import sys

from flask import Flask, Response, request
from functions.plain.handler import handler as plain
from functions.query.handler import handler as query

app = Flask("site")


def answer(handler):
    body = request.get_data(as_text=True)
    event = {"rawPath": request.path, "headers": dict(request.headers), "body": body}
    result = handler(event, None)
    return Response(result["body"], result["statusCode"], result["headers"])
"""
_ROUTE = """

@app.route("/{name}")
def serve_{name}():
    return answer({name})
"""
_RUN = """

if __name__ == "__main__":
    app.run(port=int(sys.argv[1]), use_reloader=bool(sys.argv[2:]))
"""


@dataclass(frozen=True, slots=True)
class ChaliceLocal:
    """Views that call the handlers; `tool` is an environment with chalice."""

    surroundings: Surroundings
    site: Site
    tool: Path

    @property
    def name(self) -> str:
        return "chalice local"

    @property
    def version(self) -> str:
        return f"chalice {PACKAGES['chalice']}"

    @property
    def handler(self) -> Path:
        return self._root / "functions" / "plain" / "handler.py"

    def prepare(self) -> None:
        write_handlers(self._root)
        (self._root / "app.py").write_text(_CHALICE + _routes())
        (self._root / ".chalice").mkdir(exist_ok=True)
        config = {"version": "2.0", "app_name": "site", "stages": {"dev": {}}}
        (self._root / ".chalice" / "config.json").write_text(json.dumps(config))

    def command(self, port: int, database: Mapping[str, str], *, reload: bool) -> Command:
        watch = "--autoreload" if reload else "--no-autoreload"
        program = self.tool / "bin" / "chalice"
        arguments = (program, "local", "--port", str(port), watch)
        return self.surroundings.command(*arguments, cwd=self._root, **database)

    def sign_in(self) -> tuple[str, dict[str, str]]:
        return "plain", {}

    @property
    def _root(self) -> Path:
        return self.site.directory("chalice")


@dataclass(frozen=True, slots=True)
class FlaskApplication:
    """Flask's own development server; `tool` is an environment with flask."""

    surroundings: Surroundings
    site: Site
    tool: Path

    @property
    def name(self) -> str:
        return "flask"

    @property
    def version(self) -> str:
        return f"flask {PACKAGES['flask']}"

    @property
    def handler(self) -> Path:
        return self._root / "functions" / "plain" / "handler.py"

    def prepare(self) -> None:
        write_handlers(self._root)
        (self._root / "app.py").write_text(_FLASK + _routes() + _RUN)

    def command(self, port: int, database: Mapping[str, str], *, reload: bool) -> Command:
        arguments = ["app.py", str(port), *(["reload"] if reload else [])]
        python = self.tool / "bin" / "python"
        return self.surroundings.command(python, *arguments, cwd=self._root, **database)

    def sign_in(self) -> tuple[str, dict[str, str]]:
        return "plain", {}

    @property
    def _root(self) -> Path:
        return self.site.directory("flask")


def _routes() -> str:
    return "".join(_ROUTE.format(name=name) for name in OPEN)
