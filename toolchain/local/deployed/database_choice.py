"""Which database a deployed function means, and with which rights.

All of them are at the address of the private MariaDB, so the address that a function was given tells no more
than that it is one of them. Functions and databases of one stage are in one VPC, though, and named alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.database.function_accounts import BEHIND_PROXY, RIGHTS
from toolchain.local.aws.listening import Database


@dataclass(frozen=True, slots=True)
class Candidate:
    """A database; `addresses` are the host names that clients are told, proxies' included."""

    database: Database
    addresses: frozenset[str]
    vpc_id: str | None = None


@dataclass(frozen=True, slots=True)
class Seeker:
    """A function: `variables` are its own, `vpcs` those of its subnets."""

    name: str
    variables: Mapping[str, str]
    vpcs: frozenset[str] = frozenset()


def choose(seeker: Seeker, candidates: Iterable[Candidate]) -> Database | None:
    """The database at the function's DATABASE_HOST; None if there is none, or the function asks for none.

    Of several it is the one in the function's VPC, then the one with its DATABASE_NAME, then the one whose
    identifier has most of the function's name in common: `shop-dev` for `shop-dev-list_users`.
    """
    host = seeker.variables.get("DATABASE_HOST")
    found = [candidate for candidate in candidates if host in candidate.addresses]
    if not found:
        return None
    return max(found, key=lambda candidate: _fitness(seeker, candidate)).database


def level_of(variables: Mapping[str, str]) -> str:
    """The rights of a function, by its DATABASE_USER: `reader` for `proxy_reader`.

    Those of the owner for any other account, and for one that a secret names.
    """
    level = variables.get("DATABASE_USER", "").removeprefix(BEHIND_PROXY)
    return level if level in RIGHTS else "owner"


def _fitness(seeker: Seeker, candidate: Candidate) -> tuple[bool, bool, int, str]:
    """The identifier comes last, so that the choice does not hang on the order."""
    database = candidate.database
    return (
        candidate.vpc_id in seeker.vpcs,
        database.name == seeker.variables.get("DATABASE_NAME"),
        _common_parts(seeker.name, database.identifier),
        database.identifier,
    )


def _common_parts(one: str, other: str) -> int:
    """How many of their parts are equal, from the first on: 2 for `shop-dev-users` and `shop-dev-db`."""
    count = 0
    for first, second in zip(one.lower().split("-"), other.lower().split("-"), strict=False):
        if first != second:
            break
        count += 1
    return count
