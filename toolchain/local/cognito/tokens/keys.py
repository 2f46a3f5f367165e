"""The key that signs tokens: made once for an install, and known to nobody else."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from toolchain.atomic_files import create_file
from toolchain.errors import ToolchainError

_ALGORITHM = "RS256"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key; `id` is the tokens' kid."""

    key: RSAKey
    id: str

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"kid": self.id, "alg": _ALGORITHM}, claims, self.key)

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that this key has signed; None for any other. Says nothing of its age."""
        try:
            decoded = jwt.decode(token, self.key, algorithms=[_ALGORITHM])
        except (JoseError, ValueError, TypeError):
            return None
        claims: dict[str, Any] = decoded.claims
        return claims if decoded.header.get("kid") == self.id else None

    def public_keys(self) -> dict[str, Any]:
        """The JSON Web Key Set that verifiers read."""
        public = self.key.as_dict(private=False)
        return {
            "keys": [{"kty": "RSA", "n": public["n"], "e": public["e"]} | self._use],
        }

    @property
    def _use(self) -> dict[str, str]:
        return {"alg": _ALGORITHM, "kid": self.id, "use": "sig"}


def provide_key(path: Path) -> SigningKey:
    """The key in a PEM file that only its owner can read; a new one if there is no file."""
    if not path.exists():
        _make(path)
    key = RSAKey.import_key(_read(path))
    return SigningKey(key, key.thumbprint())


def _read(path: Path) -> RSAPrivateKey:
    """Without the proof that its factors are prime, which takes a tenth of a second: it was made here."""
    try:
        key = load_pem_private_key(path.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ToolchainError(f"{path}: is no signing key; remove it, and everybody signs in again")
    return key


def _make(path: Path) -> None:
    """Of two processes at once, the first one's key is kept."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_file(path, RSAKey.generate_key(2048).as_pem(private=True), mode=0o600, is_durable=True)
