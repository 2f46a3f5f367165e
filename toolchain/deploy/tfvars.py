"""Reads `.tfvars` files: the part of HCL that they are made of, assignments of literals.

python-hcl2 reads all of HCL, but takes a second and a half to import: more than all else that a deploy does
before it starts Terraform. Terraform itself would have to start its provider first.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolchain.errors import StageError

type Value = str | int | float | bool | list["Value"] | dict[str, "Value"] | None

_TOKEN = re.compile(
    r"""
      (?P<skip>[ \t\r]+|(?:\#|//)[^\n]*|/\*.*?\*/)
    | (?P<newline>\n)
    | (?P<string>"(?:[^"\\\n]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    | (?P<mark>[=:,\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def parse_tfvars(text: str, file: str) -> dict[str, Value]:
    """The variables of a file: `stage = "dev"` -> `{"stage": "dev"}`; `file` is for messages.

    Raises StageError with the line of what is no literal, such as a function call or a heredoc, and for a
    variable that is given twice. https://developer.hashicorp.com/terraform/language/values/variables
    """
    return _Parser(list(_tokens(text, file)), file).variables()


def _tokens(text: str, file: str) -> Iterator[_Token]:
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            found = text[position : position + 20].partition("\n")[0]
            raise StageError(
                f"{file}:{line}: {found!r} is no literal; use strings, numbers, lists and objects"
            )
        kind = str(match.lastgroup)
        if kind != "skip":
            yield _Token(kind, match[0], line)
        line += match[0].count("\n")
        position = match.end()
    yield _Token("newline", "\n", line)
    yield _Token("end", "the end", line)


class _Parser:
    """Recursive descent; newlines only count between assignments."""

    def __init__(self, tokens: list[_Token], file: str) -> None:
        self._tokens = tokens
        self._file = file
        self._position = 0

    def variables(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while self._after_newlines().kind != "end":
            name = self._take("name")
            if name.text in found:
                raise StageError(f"{self._file}:{name.line}: {name.text} is given twice; remove one")
            self._take_mark("=")
            found[name.text] = self._value()
            self._take("newline")
        return found

    def _value(self) -> Value:
        token = self._next()
        if token.kind == "string":
            return self._string(token)
        if token.kind == "number":
            return float(token.text) if re.search(r"[.eE]", token.text) else int(token.text)
        if token.kind == "name" and token.text in _CONSTANTS:
            return _CONSTANTS[token.text]
        if token.text == "[":
            return self._list()
        if token.text == "{":
            return self._object()
        raise self._unexpected(token)

    def _string(self, token: _Token) -> str:
        """HCL's escapes are JSON's, but for `$${` and `%%{`, which stand for `${` and `%{`."""
        if re.search(r"(?<!\$)\$\{|(?<!%)%\{", token.text):
            raise self._unexpected(token)
        try:
            return str(json.loads(token.text, strict=False)).replace("$${", "${").replace("%%{", "%{")
        except ValueError as error:
            raise self._unexpected(token) from error

    def _list(self) -> list[Value]:
        items: list[Value] = []
        while self._after_newlines().text != "]":
            items.append(self._value())
            if self._after_newlines().text != "]":
                self._take_mark(",")
        self._next()
        return items

    def _object(self) -> dict[str, Value]:
        """Keys are followed by `=` or `:`, items by a comma or a new line."""
        items: dict[str, Value] = {}
        while self._after_newlines().text != "}":
            key = self._next()
            if key.kind not in ("name", "string"):
                raise self._unexpected(key)
            self._take_mark("=", ":")
            items[self._string(key) if key.kind == "string" else key.text] = self._value()
            if self._tokens[self._position].text not in ("}", "\n"):
                self._take_mark(",")
        self._next()
        return items

    def _after_newlines(self) -> _Token:
        while self._tokens[self._position].kind == "newline":
            self._position += 1
        return self._tokens[self._position]

    def _next(self) -> _Token:
        """The next token that is no newline; the end is never passed."""
        token = self._after_newlines()
        self._position += token.kind != "end"
        return token

    def _take(self, kind: str) -> _Token:
        token = self._tokens[self._position]
        if token.kind != kind:
            raise self._unexpected(token)
        self._position += 1
        return token

    def _take_mark(self, *marks: str) -> None:
        token = self._tokens[self._position]
        if token.text not in marks:
            raise self._unexpected(token)
        self._position += 1

    def _unexpected(self, token: _Token) -> StageError:
        found = "the end of the line" if token.kind == "newline" else token.text
        return StageError(f"{self._file}:{token.line}: unexpected {found}; use `name = literal` on each line")
