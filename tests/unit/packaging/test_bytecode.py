"""Bytecode is the same wherever it is compiled, and runs as the source would."""

import importlib.util
import marshal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from toolchain.errors import BuildError
from toolchain.packaging.bytecode import UNCOMPILABLE, compile_module, pyc_name

HEADER_BYTES = 16
EVERYTHING = '''\
"""A module with every kind of constant."""
from __future__ import annotations
import json, os.path
from collections import (
    OrderedDict,
)

FLAGS = {"a", "b", 1, 1.0, 2.5, -0.0, 0.0, 1j, None, ..., True, b"x", b"", ""}
IN = [x for x in (1, 2, 3) if x in {"long interned name", "another", 10**30, (1, (2.0, b"y"))}]
BIG = 123456789012345678901234567890
AGAIN = 123456789012345678901234567890


class Outer:
    long_name = "long interned name"

    def method(self, argument: int = 5, *, keyword: str = "grüße") -> str:
        def inner():
            nonlocal argument
            argument += 1
            return f"{argument!r:>10} {keyword}"

        try:
            return inner()
        except (ValueError, TypeError) as error:
            raise RuntimeError("failed") from error
        finally:
            del inner

    async def later(self):
        async with self as x:
            yield [y async for y in x]


match BIG:
    case {"a": 1, **rest}:
        pass
    case Outer(long_name="x") | [1, *_]:
        pass
'''


def _code(source: str, *, with_columns: bool) -> types.CodeType:
    pyc = compile_module(source.encode(), "lib/x.py", with_columns=with_columns).pyc
    code = marshal.loads(pyc[HEADER_BYTES:])  # noqa: S302 - our own
    assert isinstance(code, types.CodeType)
    return code


def _nested(code: types.CodeType) -> list[types.CodeType]:
    inner = [
        one
        for constant in code.co_consts
        if isinstance(constant, types.CodeType)
        for one in _nested(constant)
    ]
    return [code, *inner]


@pytest.mark.parametrize(
    ("name", "cached"),
    [
        ("lib/users.py", "lib/__pycache__/users.cpython-313.pyc"),
        ("lib/http/__init__.py", "lib/http/__pycache__/__init__.cpython-313.pyc"),
        ("six.py", "__pycache__/six.cpython-313.pyc"),
    ],
)
def test_pyc_name(name: str, cached: str) -> None:
    assert pyc_name(name) == cached


def test_the_header_says_that_the_source_is_not_to_be_looked_at() -> None:
    """PEP 552: magic number, flags 1 (hash-based, unchecked), hash of the source."""
    source = b"x = 1\n"
    header = compile_module(source, "lib/x.py", with_columns=True).pyc[:HEADER_BYTES]
    assert header == importlib.util.MAGIC_NUMBER + b"\1\0\0\0" + importlib.util.source_hash(source)


def test_python_loads_it_though_the_source_changed(tmp_path: Path) -> None:
    pyc = tmp_path / pyc_name("x.py")
    pyc.parent.mkdir()
    pyc.write_bytes(
        compile_module(b"print(__file__.rpartition('/')[2], 'compiled')", "x.py", with_columns=True).pyc
    )
    (tmp_path / "x.py").write_text("print('source')")
    ran = subprocess.run(
        [sys.executable, "-c", "import x"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "x.py compiled\n"


def test_file_names_are_those_on_lambda() -> None:
    assert {code.co_filename for code in _nested(_code(EVERYTHING, with_columns=True))} == {
        "/var/task/lib/x.py"
    }


@pytest.mark.parametrize("with_columns", [True, False])
def test_code_is_what_python_compiles(*, with_columns: bool) -> None:
    """All that a code object has, but for the columns that were asked to be left out."""
    original = compile(EVERYTHING, "/var/task/lib/x.py", "exec", dont_inherit=True)
    pairs = list(zip(_nested(original), _nested(_code(EVERYTHING, with_columns=with_columns)), strict=True))
    for before, after in pairs:
        if with_columns:
            assert after == before
            assert list(after.co_positions()) == list(before.co_positions())
        assert after.co_code == before.co_code
        assert after.co_exceptiontable == before.co_exceptiontable
        assert _lines(after) == _lines(before)
    assert [before.co_name for before, _ in pairs] == ["<module>", "Outer", "method", "inner", "later"]


def test_without_columns_nothing_points_below_an_expression() -> None:
    for code in _nested(_code(EVERYTHING, with_columns=False)):
        assert all(column is None for *_, column, end in code.co_positions() for column in (column, end))


def test_constants_that_are_equal_but_not_the_same_stay_apart() -> None:
    code = _code(
        "x = (1, 1.0, True, 0.0, -0.0, 0, False, 1j, b'', '', (1,), (1.0,), (True,))", with_columns=True
    )
    namespace: dict[str, object] = {}
    exec(code, namespace)  # noqa: S102 - that is what it is for
    assert repr(namespace["x"]) == "(1, 1.0, True, 0.0, -0.0, 0, False, 1j, b'', '', (1,), (1.0,), (True,))"


def test_line_numbers_far_apart_and_backwards() -> None:
    """Line deltas of more than six bits, negative ones, and runs of more than eight instructions."""
    source = "x = (\n" + "\n" * 5000 + "len('a') + len('b'),\n" + "1 " + "+ len('a') " * 50 + ")\n"
    source += "def f():\n    return [\n\n\n\n        len('a')\n        for _ in 'a'\n    ]\n"
    original = compile(source, "/var/task/lib/x.py", "exec", dont_inherit=True)
    for before, after in zip(_nested(original), _nested(_code(source, with_columns=False)), strict=True):
        assert _lines(after) == _lines(before)


def test_imports_come_with_it() -> None:
    compiled = compile_module(b"from .users import User", "lib/http/x.py", with_columns=False)
    assert compiled.imports == {"lib.http.users", "lib.http.users.User"}


def test_warnings_are_for_linters() -> None:
    """filterwarnings is `error` here: one that escaped would fail this test."""
    compile_module(b"assert (1, 'always true')\nx = '\\d'\n1 is 1", "lib/x.py", with_columns=True)


def test_flags_of_this_process_do_not_matter() -> None:
    """`python -O` leaves out assertions, -OO docstrings; what is shipped has them."""
    program = (
        "import sys; from toolchain.packaging.bytecode import compile_module;"
        "sys.stdout.buffer.write(compile_module(b'assert x, 1\\n', 'x.py', with_columns=True).pyc)"
    )
    ran = subprocess.run([sys.executable, "-OO", "-c", program], capture_output=True, check=True)
    assert ran.stdout == compile_module(b"assert x, 1\n", "x.py", with_columns=True).pyc


def test_python_without_columns_is_refused() -> None:
    """Its bytecode would be other than everybody else's, and remain in the cache."""
    program = (
        "from toolchain.packaging.bytecode import compile_module;"
        "compile_module(b'x = 1', 'x.py', with_columns=False);"
        "compile_module(b'x = 1', 'x.py', with_columns=True)"
    )
    ran = subprocess.run(
        [sys.executable, "-X", "no_debug_ranges", "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.stderr.splitlines()[-1] == (
        f"{BuildError.__module__}.BuildError: PYTHONNODEBUGRANGES or -X no_debug_ranges is set: "
        "packages would differ from those of other builds; unset it"
    )


@pytest.mark.parametrize(
    "source",
    [b"print 'x'", b"a = '\0'", b"# coding: unknown-codec", b"-" * 100_000 + b"1", b"x" + b".a" * 100_000],
    ids=["syntax", "null byte", "codec", "unary", "attributes"],
)
def test_what_can_not_be_compiled(source: bytes) -> None:
    with pytest.raises(UNCOMPILABLE):
        compile_module(source, "lib/x.py", with_columns=True)


def test_what_this_process_did_before_does_not_matter() -> None:
    """Equal strings that somebody else interned, constants that others refer to, code that was kept."""
    first = compile_module(EVERYTHING.encode(), "lib/x.py", with_columns=True).pyc
    kept = [compile(EVERYTHING, "/var/task/lib/x.py", "exec"), sys.intern("long interned name"), "another"]
    kept += [sys.intern(name) for name in ("argument", "keyword", "/var/task/lib/x.py", "grüße")]
    kept += [_nested(kept[0])[1].co_consts] if isinstance(kept[0], types.CodeType) else []
    assert compile_module(EVERYTHING.encode(), "lib/x.py", with_columns=True).pyc == first
    assert kept


def test_a_name_that_is_also_a_constant() -> None:
    """`Outer.Inner` is one object in CPython 3.13, or two, if somebody else interned it before."""
    source = "class Outer:\n    class Inner:\n        pass\n"
    program = (
        "import sys; from toolchain.packaging.bytecode import compile_module;"
        "kept = [sys.intern(''.join(list(word))) for word in sys.argv[2:]];"
        "sys.stdout.buffer.write(compile_module(sys.argv[1].encode(), 'x.py', with_columns=True).pyc)"
    )
    compiled = {
        subprocess.run(
            [sys.executable, "-c", program, source, *words], capture_output=True, check=True
        ).stdout
        for words in ([], ["Outer.Inner"])
    }
    assert len(compiled) == 1


def _lines(code: types.CodeType) -> list[int | None]:
    """The line of every code unit."""
    return [line for start, end, line in code.co_lines() for _ in range(start, end, 2)]
