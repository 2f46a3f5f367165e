"""CUSTOM_AUTH: functions decide which challenges there are, and when the user is in.

DefineAuthChallenge is asked before everything: another challenge, tokens, or the end. With the parameter
CHALLENGE_NAME=SRP_A, the first challenge is the password (SRP).
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html
"""

from dataclasses import dataclass, replace

from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.errors import NotAuthorizedError
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.admission import Admission
from toolchain.local.cognito.sign_in.completion import Completion
from toolchain.local.cognito.sign_in.password_verifier import CHALLENGE as PASSWORD_VERIFIER
from toolchain.local.cognito.sign_in.password_verifier import PasswordProof
from toolchain.local.cognito.sign_in.steps import (
    Answer,
    Attempt,
    Pending,
    Sessions,
    Start,
    open_session,
    take_session,
)
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.challenges import Conversation, create, define, verify
from toolchain.local.cognito.user import User

CUSTOM_CHALLENGE = "CUSTOM_CHALLENGE"
_NO_ISSUE = "DefineAuthChallenge answered neither challengeName, issueTokens nor failAuthentication"

type History = tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Asks DefineAuthChallenge what comes next, and does it."""

    sessions: Sessions
    proof: PasswordProof
    completion: Completion
    triggers: Triggers

    def proceed(self, talk: Conversation, history: History, srp_start: Start | None = None) -> Document:
        decision = define(self.triggers, talk, history)
        if decision.get("failAuthentication"):
            raise NotAuthorizedError
        if decision.get("issueTokens"):
            if not isinstance(talk.user, User):
                raise NotAuthorizedError
            attempt = Attempt(talk.pool, talk.client, talk.user, client_metadata=talk.client_metadata)
            return self.completion.proceed(attempt)
        name = decision.get("challengeName")
        if not name:
            raise NotAuthorizedError(_NO_ISSUE)
        if name == PASSWORD_VERIFIER and srp_start is not None:
            return self._ask_password(talk, history, srp_start)
        return self._ask(talk, history, name)

    def _ask_password(self, talk: Conversation, history: History, start: Start) -> Document:
        user = talk.user if isinstance(talk.user, User) else None
        parameters = self.proof.ask(start, user)
        session = self._open(talk, PASSWORD_VERIFIER, {"history": history})
        return {
            "ChallengeName": PASSWORD_VERIFIER,
            "Session": session,
            "ChallengeParameters": parameters,
        }

    def _ask(self, talk: Conversation, history: History, name: str) -> Document:
        challenge = create(self.triggers, talk, name, history)
        state = {
            "history": history,
            "private": challenge.get("privateChallengeParameters") or {},
            "metadata": challenge.get("challengeMetadata"),
        }
        public = challenge.get("publicChallengeParameters") or {}
        return {
            "ChallengeName": CUSTOM_CHALLENGE,
            "Session": self._open(talk, CUSTOM_CHALLENGE, state),
            "ChallengeParameters": {"USERNAME": talk.username, **public},
        }

    def _open(self, talk: Conversation, challenge: str, state: Document) -> str:
        pending = Pending(
            challenge=challenge,
            pool_id=talk.pool.id,
            client_id=talk.client.id,
            user=talk.username,
            is_known=isinstance(talk.user, User),
            state=state,
        )
        return open_session(self.sessions, talk.client, pending)


@dataclass(frozen=True, slots=True)
class CustomFlow:
    admission: Admission
    dialogue: Dialogue

    def start(self, start: Start) -> Document:
        user = self.admission.admit(start)
        talk = Conversation(start.pool, start.client, user or start.parameter("USERNAME"))
        if start.parameters.get("CHALLENGE_NAME") != "SRP_A":
            return self.dialogue.proceed(talk, ())
        start.parameter("SRP_A")
        return self.dialogue.proceed(talk, (_result("SRP_A", is_right=True),), start)


@dataclass(frozen=True, slots=True)
class CustomAnswer:
    """The answer to a challenge that CreateAuthChallenge made."""

    users: Users
    sessions: Sessions
    dialogue: Dialogue
    triggers: Triggers

    def answer(self, answer: Answer) -> Document:
        text = answer.response("ANSWER")
        talk, pending = _resume(self.users, self.sessions, answer, CUSTOM_CHALLENGE)
        is_right = verify(self.triggers, talk, pending.state["private"], text)
        result = _result(CUSTOM_CHALLENGE, is_right=is_right, metadata=pending.state["metadata"])
        return self.dialogue.proceed(talk, (*pending.state["history"], result))


@dataclass(frozen=True, slots=True)
class CustomPassword:
    """The answer to PASSWORD_VERIFIER in a custom flow: a wrong password is for the function to judge."""

    users: Users
    sessions: Sessions
    proof: PasswordProof
    dialogue: Dialogue

    def answer(self, answer: Answer) -> Document:
        talk, pending = _resume(self.users, self.sessions, answer, PASSWORD_VERIFIER)
        try:
            talk = replace(talk, user=self.proof.check(answer))
            is_right = True
        except NotAuthorizedError:
            is_right = False
        result = _result(PASSWORD_VERIFIER, is_right=is_right)
        return self.dialogue.proceed(talk, (*pending.state["history"], result))


def _resume(users: Users, sessions: Sessions, answer: Answer, challenge: str) -> tuple[Conversation, Pending]:
    name = answer.response("USERNAME")
    check_secret_hash(answer.client, name, answer.responses.get("SECRET_HASH"))
    pending = take_session(sessions, answer, challenge)
    user = users.find(answer.pool, name)
    if (user.username if user else name) != pending.user or (user is not None) != pending.is_known:
        raise NotAuthorizedError("Invalid session for the user.")
    if user and not user.is_enabled:
        raise NotAuthorizedError("User is disabled.")
    return Conversation(answer.pool, answer.client, user or name, answer.client_metadata), pending


def _result(name: str, *, is_right: bool, metadata: str | None = None) -> Document:
    return {"challengeName": name, "challengeResult": is_right, "challengeMetadata": metadata}
