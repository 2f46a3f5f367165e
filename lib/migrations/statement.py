"""Tell what a migration's SQL is, as far as applying it needs to know."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Not taken for a comment: /*! and /*M! start SQL that the server runs.
_TOKENS = re.compile(
    r"""
      (?P<blank>  \s+ | --(?=\s|$)[^\n]* | \#[^\n]* | /\*(?!M?!).*?\*/ )
    | (?P<quoted> '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | `(?:[^`]|``)*` )
    | (?P<word>   [\w$]+ )
    | (?P<end>    ; )
    | (?P<open>   ['"`] | /\*(?!M?!) )
    | (?P<other>  /\*M?! | . )
    """,
    re.DOTALL | re.VERBOSE,
)

_CHANGING_ROWS = ("INSERT", "UPDATE", "DELETE", "REPLACE")
_CHANGING_THE_SCHEMA = ("CREATE", "ALTER", "DROP", "RENAME")
_PROGRAMS = ("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT")
_OBJECTS = ("TABLE", "INDEX", "VIEW", "SEQUENCE", *_PROGRAMS)
_OTHER_OBJECTS = (
    "USER",
    "ROLE",
    "DATABASE",
    "SCHEMA",
    "SERVER",
    "TABLESPACE",
    "LOGFILE",
    "PACKAGE",
    "INSTANCE",
)


# ALTER TABLE ... PARTITION that leave no trace in the schema.
_HIDDEN = ("TRUNCATE", "EXCHANGE")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, without the semicolon at its end."""

    sql: str
    changes_schema: bool


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def parse_statement(text: str) -> Statement | str:
    """Give the one statement of the text, or what is wrong with it."""
    tokens = list(_tokens(text))
    if any(token.kind == "open" for token in tokens):
        return "a string, quoted name or comment is not closed"
    words = [token.text.upper() for token in tokens if token.kind == "word"]
    parts = _split(tokens, is_program=_is_program(words))
    if not parts:
        return "there is no statement"
    if len(parts) > 1:
        return f"there are {len(parts)} statements; put each in a migration of its own"
    problem = _refusal(words, parts[0])
    if problem:
        return problem
    first, last = parts[0][0], parts[0][-1]
    return Statement(text[first.start : last.start + len(last.text)], words[0] in _CHANGING_THE_SCHEMA)


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKENS.finditer(text):
        if match.lastgroup and match.lastgroup != "blank":
            yield _Token(match.lastgroup, match.group(), match.start())


def _split(tokens: list[_Token], *, is_program: bool) -> list[list[_Token]]:
    """Split at semicolons, but for those inside a stored program, which is always the whole file."""
    if is_program:
        while tokens and tokens[-1].kind == "end":
            tokens = tokens[:-1]
        return [tokens]
    parts: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind == "end":
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _is_program(words: list[str]) -> bool:
    return words[:1] == ["CREATE"] and _object(words) in _PROGRAMS


def _object(words: list[str]) -> str | None:
    """Find what is created, altered or dropped: CREATE OR REPLACE SQL SECURITY INVOKER VIEW ... -> VIEW."""
    return next((word for word in words[1:12] if word in _OBJECTS + _OTHER_OBJECTS), None)


def _refusal(words: list[str], part: list[_Token]) -> str | None:
    """Say why a statement could not be applied so that a killed process can be followed by another."""
    verb = words[0] if words and part[0].kind == "word" else part[0].text
    if verb in _CHANGING_ROWS:
        return None
    if verb not in _CHANGING_THE_SCHEMA:
        allowed = ", ".join((*_CHANGING_THE_SCHEMA, *_CHANGING_ROWS))
        return f"{verb} can't be a migration; use {allowed}"
    kind = _object(words)
    if kind not in _OBJECTS or "TEMPORARY" in words[1:4]:
        return f"{verb} of this can't be a migration; use it for {', '.join(_OBJECTS)}"
    if verb == "DROP" and any(token.text == "," for token in part):
        return f"DROP {kind} of several is not atomic; put each in a migration of its own"
    hidden = next((pair for pair in pairwise(words) if pair[0] in _HIDDEN and pair[1] == "PARTITION"), None)
    if hidden:
        return f"{' '.join(hidden)} leaves no trace in the schema; use INSERT and DELETE"
    return None
