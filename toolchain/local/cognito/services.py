"""All that operations, and the hosted UI, are made of."""

from dataclasses import dataclass

from toolchain.local.cognito.attempts import Limits, Lockout
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery
from toolchain.local.cognito.migration import Migration
from toolchain.local.cognito.moto_pools import MotoPools
from toolchain.local.cognito.refreshing import Refreshing
from toolchain.local.cognito.sign_in.admission import Admission
from toolchain.local.cognito.sign_in.answering import Answering
from toolchain.local.cognito.sign_in.completion import Completion
from toolchain.local.cognito.sign_in.password import PasswordCheck
from toolchain.local.cognito.sign_in.password_verifier import PasswordProof
from toolchain.local.cognito.sign_in.steps import Sessions
from toolchain.local.cognito.store.codes import Codes
from toolchain.local.cognito.store.inbox import Inbox
from toolchain.local.cognito.store.memberships import Memberships
from toolchain.local.cognito.store.sign_ins import SignIns
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.tokens.issuing import Issuer
from toolchain.local.cognito.tokens.keys import SigningKey
from toolchain.local.cognito.tokens.reading import AccessTokens
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.updating import Updating
from toolchain.local.cognito.verification import Verification


@dataclass(frozen=True, slots=True)
class Services:
    """What operations, and the hosted UI, choose from."""

    clock: Clock
    key: SigningKey
    pools: MotoPools
    users: Users
    memberships: Memberships
    codes: Codes
    sign_ins: SignIns
    inbox: Inbox
    sessions: Sessions
    limits: Limits
    lockout: Lockout
    triggers: Triggers
    delivery: Delivery
    migration: Migration
    verification: Verification
    updating: Updating
    issuer: Issuer
    tokens: AccessTokens
    refreshing: Refreshing
    admission: Admission
    password: PasswordCheck
    completion: Completion
    answering: Answering
    proof: PasswordProof
