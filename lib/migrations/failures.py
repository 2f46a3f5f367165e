"""What is wrong with migrations."""

from collections.abc import Iterable


class MigrationError(Exception):
    """A file breaks a rule, was edited, or failed; `problems` has a line for each, sorted."""

    def __init__(self, problems: str | Iterable[str]) -> None:
        lines = [problems] if isinstance(problems, str) else sorted(problems)
        self.problems: tuple[str, ...] = tuple(lines)
        super().__init__("\n".join(self.problems))


class HistoryError(MigrationError):
    """What has been applied to the database is not what the files say."""
