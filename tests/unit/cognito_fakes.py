"""A user, a pool and a clock for rules of Cognito that need no server."""

from dataclasses import dataclass
from typing import Any

from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.user import User

USER = User(
    pool_id="eu-west-1_abcdefghi",
    username="ada",
    status="CONFIRMED",
    attributes={"sub": "5d1e8a3c", "email": "Ada@example.com", "email_verified": "true", "name": "Ada"},
    created_at=1.0,
    modified_at=2.0,
)


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def pool(**settings: Any) -> Pool:  # noqa: ANN401  CreateUserPool's arguments
    return Pool("eu-west-1_abcdefghi", "eu-west-1", settings)
