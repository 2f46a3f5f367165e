"""Puts Cognito together: stores, services, operations."""

import secrets
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from toolchain.local.cognito.attempts import Limits, Lockout
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery
from toolchain.local.cognito.migration import Migration
from toolchain.local.cognito.moto_pools import MotoPools
from toolchain.local.cognito.once import OnceStore
from toolchain.local.cognito.operations import Operation
from toolchain.local.cognito.operations.table import operations
from toolchain.local.cognito.refreshing import Refreshing
from toolchain.local.cognito.services import Services
from toolchain.local.cognito.sign_in.admission import Admission
from toolchain.local.cognito.sign_in.answering import Answering
from toolchain.local.cognito.sign_in.completion import Completion
from toolchain.local.cognito.sign_in.password import PasswordCheck
from toolchain.local.cognito.sign_in.password_verifier import PasswordProof
from toolchain.local.cognito.store.codes import Codes
from toolchain.local.cognito.store.database import Database
from toolchain.local.cognito.store.inbox import Announce, Inbox
from toolchain.local.cognito.store.memberships import Memberships
from toolchain.local.cognito.store.pools import SavedPools
from toolchain.local.cognito.store.sign_ins import SignIns
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.issuing import Issuer
from toolchain.local.cognito.tokens.keys import SigningKey, provide_key
from toolchain.local.cognito.tokens.reading import AccessTokens
from toolchain.local.cognito.triggers.calling import Functions, Triggers
from toolchain.local.cognito.updating import Updating
from toolchain.local.cognito.verification import Verification

if TYPE_CHECKING:
    from toolchain.local.cognito.sign_in.steps import Sessions


@dataclass(frozen=True, slots=True)
class Cognito:
    """Cognito, running: `operations` by name; close it to close the file."""

    services: Services
    operations: Mapping[str, Operation]
    database: Database

    def close(self) -> None:
        self.database.close()


def open_cognito(
    directory: Path, functions: Functions, clock: Clock, announce: Announce = lambda _: None
) -> Cognito:
    """Cognito with what is in a directory (`.local/cognito`), which is made if there is none.

    `announce` is told of every message to a user. Pools that moto holds in this process are replaced
    by those on disk.
    """
    key = provide_key(directory / "signing-key.pem")
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(directory / "cognito.sqlite3")))
        services = _services(database, Inbox(database, announce), key, functions, clock)
        services.pools.restore()
        services.sign_ins.forget_expired(clock())
        stack.pop_all()
        return Cognito(services, operations(services), database)


def _services(
    database: Database, inbox: Inbox, key: SigningKey, functions: Functions, clock: Clock
) -> Services:
    triggers = Triggers(functions)
    pools, users = MotoPools(SavedPools(database)), Users(database)
    codes, sign_ins = Codes(database), SignIns(database)
    memberships, limits, lockout = Memberships(database), Limits(clock), Lockout(clock)
    sessions: Sessions = OnceStore(clock)
    delivery = Delivery(codes, inbox, limits, triggers, clock)
    migration = Migration(users, triggers, clock)
    admission = Admission(users, lockout, migration, triggers)
    issuer = Issuer(key, clock, sign_ins, memberships, triggers)
    return Services(
        clock=clock,
        key=key,
        pools=pools,
        users=users,
        memberships=memberships,
        codes=codes,
        sign_ins=sign_ins,
        inbox=inbox,
        sessions=sessions,
        limits=limits,
        lockout=lockout,
        triggers=triggers,
        delivery=delivery,
        migration=migration,
        verification=Verification(codes, limits, clock),
        updating=Updating(users, delivery, clock),
        issuer=issuer,
        tokens=AccessTokens(key, clock, pools, users, sign_ins),
        refreshing=Refreshing(users, sign_ins, issuer, clock),
        admission=admission,
        password=PasswordCheck(admission, lockout),
        completion=Completion(sessions, lockout, issuer, triggers, clock),
        answering=Answering(users, sessions),
        proof=PasswordProof(users, lockout, OnceStore(clock), secrets.token_bytes(32)),
    )
