"""What a function can import from the checkout."""

from pathlib import Path

from toolchain.local.run.packed import packed_names
from toolchain.manifest import parse_function
from toolchain.project import Project


def test_function_and_lib(tmp_path: Path) -> None:
    function = parse_function("users", "description: Lists the users")
    assert packed_names(Project(tmp_path), function) == {"": ["functions", "lib"], "functions": ["users"]}


def test_included_files(tmp_path: Path) -> None:
    for name in ("migrations/0001_users.sql", "rules.py", "functions/other/model.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    include = "include: [migrations/*.sql, rules.py, functions/other/*.py, nothing/*]"
    function = parse_function("users", f"description: Lists the users\n{include}")
    assert packed_names(Project(tmp_path), function) == {
        "": ["functions", "lib", "migrations", "rules"],
        "functions": ["other", "users"],
    }
