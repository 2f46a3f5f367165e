"""Which aliases a release moves, from which version to which, in which order: decided before any is moved.

Nothing makes many aliases move at one moment. So what handles a message moves before what sends it: old code
may call new code for a moment, which every release has to stand anyway, since messages wait in queues.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from toolchain.deploy.releases.services import Alias
from toolchain.errors import ReleaseError

# Called by name only, then by events, then by Cognito, then by users, whose requests cause all the others.
_RANKS = {"http": 3, "cognito": 2}
_RANK_OF_EVENTS = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """The version a function's alias is to point to; `triggers` are the kinds of what calls it."""

    function_name: str
    version: str
    triggers: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        return max((_RANKS.get(kind, _RANK_OF_EVENTS) for kind in self.triggers), default=0)


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """One alias, from a version to another; `revision_id` is that of the alias as it was looked at."""

    name: str
    function_name: str
    from_version: str
    to_version: str
    revision_id: str

    def __str__(self) -> str:
        return f"{self.name} {self.from_version} -> {self.to_version}"


type Waves = tuple[tuple[Move, ...], ...]
"""Moves that go at once, and after those before them."""


def plan_moves(wanted: Mapping[str, Wanted], aliases: Mapping[str, Alias | None]) -> Waves:
    """The moves; functions whose alias is where it should be need none.

    Raises ReleaseError with the functions that have no alias.
    """
    if missing := [name for name in wanted if aliases[name] is None]:
        raise ReleaseError(
            [f"{wanted[name].function_name} has no alias; deploy the stage" for name in missing]
        )
    moves = sorted(
        (wanted[name].rank, _move(name, wanted[name], alias))
        for name, alias in aliases.items()
        if alias and name in wanted and alias.version != wanted[name].version
    )
    return tuple(tuple(move for _, move in wave) for _, wave in groupby(moves, key=lambda pair: pair[0]))


def all_moves(waves: Waves) -> list[Move]:
    """The moves in their order."""
    return [move for wave in waves for move in wave]


def counted(count: int) -> str:
    """`1 alias`, `2 aliases`."""
    return f"{count} alias" if count == 1 else f"{count} aliases"


def moved_back(moved: Sequence[tuple[Move, Alias]], waves: Waves) -> Waves:
    """How to undo moves that were made: the last waves first; `moved` says where each alias is now."""
    made = dict(moved)
    return tuple(
        tuple(
            Move(move.name, move.function_name, move.to_version, move.from_version, made[move].revision_id)
            for move in wave
            if move in made
        )
        for wave in reversed(waves)
        if any(move in made for move in wave)
    )


def _move(name: str, wanted: Wanted, alias: Alias) -> Move:
    return Move(name, wanted.function_name, alias.version, wanted.version, alias.revision_id)
