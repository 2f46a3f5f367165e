"""What `invoke new-function` says when it is done."""

from toolchain.packaging.lock import lock
from toolchain.project import Project
from toolchain.scaffold.declaring import Wanted
from toolchain.scaffold.new_function import new_function


def make(project: Project, wanted: Wanted) -> None:
    """Make a function; print its files, and what to do next."""
    print("\n".join(new_function(project, wanted, lock)))
    print(f"\ninvoke run-local {wanted.name}     # run it on its sample event")
    print(f"invoke test functions -k {wanted.name}  # test it")
