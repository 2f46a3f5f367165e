"""DefineAuthChallenge, CreateAuthChallenge, VerifyAuthChallengeResponse: sign-in of the pool's own making.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolchain.local.cognito.errors import InvalidParameterError
from toolchain.local.cognito.pool import Client, Pool
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.triggers.attributes import metadata, user_attributes
from toolchain.local.cognito.triggers.calling import Call, Triggers
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who is signing in. `user` is a name if nobody has it, which only the functions learn."""

    pool: Pool
    client: Client
    user: User | str
    client_metadata: dict[str, str] | None = None

    @property
    def username(self) -> str:
        return self.user.username if isinstance(self.user, User) else self.user


def define(triggers: Triggers, conversation: Conversation, session: tuple[Document, ...]) -> Document:
    """Ask what comes next; `session` has the challenges so far and how they went."""
    empty = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
    return _fire(triggers, conversation, "DefineAuthChallenge", {"session": list(session)}, empty)


def create(
    triggers: Triggers, conversation: Conversation, name: str, session: tuple[Document, ...]
) -> Document:
    """Ask for a challenge: what the client sees of it, and what it is checked with."""
    empty = {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None}
    request = {"challengeName": name, "session": list(session)}
    return _fire(triggers, conversation, "CreateAuthChallenge", request, empty)


def verify(triggers: Triggers, conversation: Conversation, private: Mapping[str, Any], answer: str) -> bool:
    """Ask whether an answer is right."""
    request = {"privateChallengeParameters": dict(private), "challengeAnswer": answer}
    name = "VerifyAuthChallengeResponse"
    return bool(_fire(triggers, conversation, name, request, {"answerCorrect": None}).get("answerCorrect"))


def _fire(
    triggers: Triggers,
    conversation: Conversation,
    trigger: str,
    request: Document,
    response: Mapping[str, Any],
) -> Document:
    user = conversation.user
    is_known = isinstance(user, User)
    answer = triggers.fire(
        Call(
            pool=conversation.pool,
            trigger=trigger,
            source=f"{trigger}_Authentication",
            username=conversation.username,
            client_id=conversation.client.id,
            request={
                "userAttributes": user_attributes(user) if isinstance(user, User) else {},
                **request,
                **metadata(conversation.client_metadata),
                **({"userNotFound": not is_known} if conversation.client.hides_users else {}),
            },
            response=response,
        )
    )
    if answer is None:
        raise InvalidParameterError("Custom auth lambda trigger is not configured for the user pool.")
    return answer
