"""`invoke new-function`: a function that is declared, runs on its sample event, and is tested."""

from toolchain.scaffold.declaring import Wanted
from toolchain.scaffold.new_function import new_function

__all__ = ["Wanted", "new_function"]
