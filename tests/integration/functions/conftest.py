"""Functions on their sample events, with the fixture `database`: all tables of the migrations, no rows."""

from tests.unit.functions.conftest import invoke

__all__ = ["invoke"]
