"""USER_SRP_AUTH and its challenge, PASSWORD_VERIFIER: the password is proven, not sent."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from toolchain.local.cognito import srp
from toolchain.local.cognito.attempts import Lockout
from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.errors import InvalidParameterError, NotAuthorizedError
from toolchain.local.cognito.once import OnceStore
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.admission import Admission
from toolchain.local.cognito.sign_in.completion import Completion
from toolchain.local.cognito.sign_in.steps import Answer, Attempt, Start
from toolchain.local.cognito.srp_timestamp import is_timestamp
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.user import User

CHALLENGE = "PASSWORD_VERIFIER"
_SECONDS = 180  # AWS's time for an exchange; a replay within it is refused, too: each is taken once


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exchange, and who it is with; `user` is None for a name that nobody has."""

    exchange: srp.Exchange
    client_id: str
    user: User | None


@dataclass(frozen=True, slots=True)
class PasswordProof:
    """Exchanges are found by their secret block: pycognito answers without a Session."""

    users: Users
    lockout: Lockout
    waiting: OnceStore[Waiting]
    install_secret: bytes

    def ask(self, start: Start, user: User | None) -> Document:
        """ChallengeParameters for the client."""
        identity, verifier = self._identity(start.pool, user, start.parameter("USERNAME"))
        exchange = srp.begin(identity, verifier, start.parameter("SRP_A"), secrets.token_bytes)
        if exchange is None:
            raise InvalidParameterError("SRP_A is not a number that the protocol allows")
        self.waiting.put(Waiting(exchange, start.client.id, user), _SECONDS, exchange.secret_block)
        return {
            "SALT": exchange.salt,
            "SECRET_BLOCK": exchange.secret_block,
            "SRP_B": exchange.server_value,
            "USERNAME": identity.user_id,
            "USER_ID_FOR_SRP": identity.user_id,
        }

    def check(self, answer: Answer) -> User:
        """The user who has proven to know the password; raises NotAuthorizedError."""
        waiting = self.waiting.take(answer.response("PASSWORD_CLAIM_SECRET_BLOCK"))
        signature, timestamp = answer.response("PASSWORD_CLAIM_SIGNATURE"), answer.response("TIMESTAMP")
        if waiting is None or waiting.user is None or waiting.client_id != answer.client.id:
            raise NotAuthorizedError
        claimed = self.users.find(answer.pool, answer.response("USERNAME"))
        if claimed is None or claimed.username != waiting.user.username:
            raise NotAuthorizedError
        self.lockout.check(claimed)
        is_proof = is_timestamp(timestamp) and srp.is_signature(waiting.exchange, signature, timestamp)
        if claimed.password != waiting.user.password or not is_proof:
            self.lockout.fail(claimed)
            raise NotAuthorizedError
        if not claimed.is_enabled:
            raise NotAuthorizedError("User is disabled.")
        return claimed

    def _identity(self, pool: Pool, user: User | None, name: str) -> tuple[srp.Identity, srp.Verifier]:
        """For a name that nobody has: always the same user id and salt, so that it looks like somebody's."""
        if user and user.password:
            return srp.Identity(pool.short_name, user.username), user.password
        digest = hmac.digest(self.install_secret, f"{pool.id}/{pool.fold(name)}".encode(), "sha256")
        user_id = user.username if user else _fake_user_id(pool, name, digest)
        identity = srp.Identity(pool.short_name, user_id)
        salt = srp.make_salt(lambda size: digest[:size])
        return identity, srp.make_verifier(identity, secrets.token_urlsafe(), salt)


def _fake_user_id(pool: Pool, name: str, digest: bytes) -> str:
    if not pool.username_attributes:
        return name
    text = hashlib.md5(digest, usedforsecurity=False).hexdigest()
    return "-".join((text[:8], text[8:12], f"4{text[13:16]}", f"a{text[17:20]}", text[20:]))


@dataclass(frozen=True, slots=True)
class SrpFlow:
    """USER_SRP_AUTH."""

    admission: Admission
    proof: PasswordProof

    def start(self, start: Start) -> Document:
        start.parameter("SRP_A")
        user = self.admission.admit(start)
        return {"ChallengeName": CHALLENGE, "ChallengeParameters": self.proof.ask(start, user)}


@dataclass(frozen=True, slots=True)
class PasswordVerifier:
    """The answer to PASSWORD_VERIFIER, outside of custom flows."""

    proof: PasswordProof
    completion: Completion

    def answer(self, answer: Answer) -> Document:
        check_secret_hash(answer.client, answer.response("USERNAME"), answer.responses.get("SECRET_HASH"))
        user = self.proof.check(answer)
        return self.completion.proceed(
            Attempt(answer.pool, answer.client, user, client_metadata=answer.client_metadata)
        )
