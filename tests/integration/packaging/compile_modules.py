"""Compiles modules in a process with a past: `python compile_modules.py SEED FILE...` prints their hashes."""

import hashlib
import json
import random
import sys
from pathlib import Path

from toolchain.packaging.bytecode import compile_module


def main(seed: int, paths: list[str]) -> None:
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    chance.shuffle(paths)
    kept: list[object] = []
    if seed:
        import asyncio
        import email.message
        import xml.dom.minidom

        kept += [asyncio, email.message, xml.dom.minidom]
    hashes = {}
    for path in paths:
        source = Path(path).read_bytes()
        if chance.random() < seed / 10:
            code = compile(source, f"/var/task/{path}", "exec", dont_inherit=True)
            kept += [code, *(sys.intern(text) for text in code.co_consts if type(text) is str)]
        both = [compile_module(source, path, with_columns=columns) for columns in (True, False)]
        hashes[path] = [hashlib.sha256(compiled.pyc).hexdigest() for compiled in both]
        if chance.random() < seed / 10:
            kept.append(both)
    print(json.dumps(hashes, sort_keys=True))  # noqa: T201 - the answer
    del kept


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
