"""Secure Remote Password (SRP-6a), as Cognito does it: the server's half.

The 3072-bit group of RFC 3526, g = 2, SHA-256. Numbers are hashed as two's-complement big-endian bytes.
The client proves that it knows the password without sending it; the pool keeps a verifier only.

    x = H(salt | H(pool name + user id + ":" + password))      v = g^x
    B = k*v + g^b      u = H(A | B)      S = (A * v^u)^b      key = HKDF(S, salt u)[:16]
    signature = HMAC(key, pool name + user id + secret block + timestamp)

RFC 5054 has the protocol; the key derivation is what amazon-cognito-identity-js does.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass

from toolchain.local.cognito.powers import Powers

type RandomBytes = Callable[[int], bytes]

_N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
_G = 2
_HEXADECIMAL = re.compile("[0-9a-fA-F]{1,770}")  # of N's length, and a byte for its sign
# 256 random bits give the strength of the group; more only cost time.
_SECRET_BYTES = 32
_POWERS = Powers(_G, _N, 8 * _SECRET_BYTES)  # a hash, the other exponent, has as many bits


def _pad(number: int) -> bytes:
    """The number's bytes; 00 goes in front where the first one would make it negative."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _hash_number(data: bytes) -> int:
    return int.from_bytes(_hash(data), "big")


_K = _hash_number(_pad(_N) + _pad(_G))


@dataclass(frozen=True, slots=True)
class Verifier:
    """What is kept of a password: a salt, and g to the power of a salted hash of it."""

    salt: int
    value: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs in where: both names are part of what is hashed."""

    pool_name: str
    user_id: str

    @property
    def text(self) -> str:
        return self.pool_name + self.user_id


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange that has begun: what the client gets, and the key that only both sides can compute."""

    identity: Identity
    salt: str
    server_value: str
    secret_block: str
    key: bytes


def make_salt(random: RandomBytes) -> int:
    """16 random bytes. The first is 10 to 7F: clients differ on how to write a number below or above."""
    first, *rest = random(16)
    return int.from_bytes(bytes([0x10 + first % 0x70, *rest]), "big")


def make_verifier(identity: Identity, password: str, salt: int) -> Verifier:
    x = _hash_number(_pad(salt) + _hash(f"{identity.text}:{password}".encode()))
    return Verifier(salt, _POWERS.power(x))


def is_password(identity: Identity, password: str, verifier: Verifier) -> bool:
    """Whether a password that was sent as it is, without SRP, is the one."""
    candidate = make_verifier(identity, password, verifier.salt)
    return hmac.compare_digest(_pad(candidate.value), _pad(verifier.value))


def begin(identity: Identity, verifier: Verifier, client_value: str, random: RandomBytes) -> Exchange | None:
    """Answer the client's A (hexadecimal), or None for what is none: not from 1 to N - 1.

    With a multiple of N, any password would pass (RFC 5054, 2.5.4); clients send g^a mod N.
    """
    if not _HEXADECIMAL.fullmatch(client_value):
        return None
    a = int(client_value, 16)
    if not 0 < a < _N:
        return None
    b = int.from_bytes(random(_SECRET_BYTES), "big")
    server_value = (_K * verifier.value + _POWERS.power(b)) % _N
    u = _hash_number(_pad(a) + _pad(server_value))
    shared = pow(a * pow(verifier.value, u, _N), b, _N)
    return Exchange(
        identity=identity,
        salt=f"{verifier.salt:x}",
        server_value=f"{server_value:x}",
        secret_block=b64encode(random(64)).decode(),
        key=_derive_key(shared, u),
    )


def _derive_key(shared: int, u: int) -> bytes:
    """HKDF with one block of output, of which Cognito uses 16 bytes."""
    pseudorandom = hmac.digest(_pad(u), _pad(shared), "sha256")
    return hmac.digest(pseudorandom, b"Caldera Derived Key\x01", "sha256")[:16]


def is_signature(exchange: Exchange, signature: str, timestamp: str) -> bool:
    """Whether the client has the key, and so the password."""
    message = (
        exchange.identity.text.encode()
        + b64decode(exchange.secret_block)
        + timestamp.encode(errors="replace")
    )
    try:
        given = b64decode(signature, validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(hmac.digest(exchange.key, message, "sha256"), given)
