"""Tells whether parts and packages were prepared as this toolchain prepares them."""

import functools
import hashlib
import sys
from pathlib import Path

import deflate


@functools.cache
def preparation() -> str:
    """How parts are prepared, as a hash: this code, the interpreter that compiles, the compressor."""
    own = hashlib.sha256(f"{sys.version}\0{deflate.__version__}\0".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        own.update(path.read_bytes())
    return own.hexdigest()
