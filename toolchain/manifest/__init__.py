"""Functions as functions/<name>/function.yaml declares them: read, validated, and as data for Terraform."""

from toolchain.manifest.declaration import declaration
from toolchain.manifest.functions import parse_function, read_function, read_functions
from toolchain.manifest.model import Function

__all__ = ["Function", "declaration", "parse_function", "read_function", "read_functions"]
