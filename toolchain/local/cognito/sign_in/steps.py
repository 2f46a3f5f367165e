"""What the steps of a sign-in hand to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from toolchain.local.cognito.errors import InvalidParameterError, NotAuthorizedError
from toolchain.local.cognito.once import OnceStore
from toolchain.local.cognito.pool import Client, Pool
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Start:
    """InitiateAuth: a flow begins. `parameters` are AuthParameters."""

    pool: Pool
    client: Client
    parameters: Mapping[str, str]
    client_metadata: dict[str, str] | None = None

    def parameter(self, name: str) -> str:
        return _needed(self.parameters, name)


@dataclass(frozen=True, slots=True)
class Pending:
    """A challenge that waits for its answer: whose it is, and what it is checked with.

    `user` is the username, or a name that nobody has, where the client hides that. `source` is why tokens
    are made in the end.
    """

    challenge: str
    pool_id: str
    client_id: str
    user: str
    is_known: bool = True
    source: str = "Authentication"
    state: Mapping[str, Any] = field(default_factory=dict)
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """RespondToAuthChallenge: `responses` are ChallengeResponses, `session` what was shown with them."""

    pool: Pool
    client: Client
    responses: Mapping[str, str]
    session: str | None
    client_metadata: dict[str, str] | None = None

    def response(self, name: str) -> str:
        return _needed(self.responses, name)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A user about whom nothing is left to prove but what the pool asks for besides."""

    pool: Pool
    client: Client
    user: User
    source: str = "Authentication"
    client_metadata: dict[str, str] | None = None


class Flow(Protocol):
    """Begins a sign-in: returns a challenge, or tokens."""

    def start(self, start: Start) -> Document: ...


class Challenge(Protocol):
    """Takes the answer to a challenge: returns another one, or tokens."""

    def answer(self, answer: Answer) -> Document: ...


type Sessions = OnceStore[Pending]


def open_session(sessions: Sessions, client: Client, pending: Pending) -> str:
    """Give out a challenge; the session is its name."""
    return sessions.put(pending, client.session_seconds)


def take_session(sessions: Sessions, answer: Answer, challenge: str) -> Pending:
    """The challenge that a session names, once.

    Raises NotAuthorizedError if it was answered before, is too old, another one's, or of another client.
    """
    pending = sessions.take(answer.session) if answer.session else None
    if pending is None:
        raise NotAuthorizedError("Invalid session for the user, session can only be used once.")
    is_same = (pending.challenge, pending.client_id) == (challenge, answer.client.id)
    if not is_same:
        raise NotAuthorizedError("Invalid session for the user.")
    return pending


def _needed(parameters: Mapping[str, str], name: str) -> str:
    if name not in parameters:
        raise InvalidParameterError(f"Missing required parameter {name}")
    return parameters[name]
