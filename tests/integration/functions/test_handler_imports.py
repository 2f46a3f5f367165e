"""What a cold start of each function imports."""

import subprocess
import sys

import pytest

from toolchain.project import Project


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("create_user", []),
        ("delete_me", []),
        ("get_me", []),
        ("health", []),
        ("list_users", ["pydantic"]),
        ("migrate_database", []),
        ("purge_deleted_users", []),
        ("update_me", ["pydantic"]),
    ],
)
def test_what_a_handler_imports(checkout: Project, name: str, imported: list[str]) -> None:
    """A cold start pays for each module, so pydantic comes with models only, and the AWS SDK with its use.

    And it is imported without any environment: `python -m` and Lambda's own checks do so.
    """
    heavy = {"boto3", "botocore.session", "pydantic", "toolchain", "asyncio", "aws_xray_sdk"}
    program = f"import functions.{name}.handler, sys; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(checkout.root)!r}); {program}"],
        capture_output=True,
        check=True,
        text=True,
        env={},
    )
    assert done.stdout.split() == imported
