"""CUSTOM_AUTH: challenges that functions define, create and verify."""

import warnings
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP

from tests.integration.cognito.harness import PASSWORD, Event, LocalAws, PoolUnderTest, refused
from tests.integration.cognito.trigger_answers import ADA, answering, with_triggers

CUSTOM = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")


def riddle(aws: LocalAws) -> None:
    """A custom flow: three tries at a riddle."""

    def define(event: Event) -> Event:
        session = [
            step for step in event["request"]["session"] if step["challengeName"] == "CUSTOM_CHALLENGE"
        ]
        solved = bool(session) and session[-1]["challengeResult"]
        event["response"] = {
            "challengeName": "CUSTOM_CHALLENGE",
            "issueTokens": solved,
            "failAuthentication": len(session) == 3 and not solved,
        }
        return event

    def verify(event: Event) -> Event:
        request = event["request"]
        right = request["privateChallengeParameters"]["answer"]
        return answering(answerCorrect=request["challengeAnswer"] == right)(event)

    aws.functions.handlers["DefineAuthChallenge"] = define
    aws.functions.handlers["VerifyAuthChallengeResponse"] = verify
    aws.functions.handlers["CreateAuthChallenge"] = answering(
        publicChallengeParameters={"question": "2 + 3"},
        privateChallengeParameters={"answer": "5"},
        challengeMetadata="SUM",
    )


def answer_riddle(pool: PoolUnderTest, session: str, answer: str, name: str = ADA) -> dict[str, Any]:
    found: dict[str, Any] = pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=session,
        ChallengeResponses={"USERNAME": name, "ANSWER": answer},
        ClientMetadata={"try": answer},
    )
    return found


def begin_riddle(pool: PoolUnderTest, name: str = ADA) -> dict[str, Any]:
    found: dict[str, Any] = pool.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": name}
    )
    return found


def test_custom_challenge_is_answered(aws: LocalAws) -> None:
    """Wrong, then right: each answer has a session of its own, and the functions see the history."""
    riddle(aws)
    pool = with_triggers(aws, *CUSTOM)
    pool.confirmed(ADA)
    first = begin_riddle(pool)
    assert first["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert first["ChallengeParameters"]["question"] == "2 + 3"
    second = answer_riddle(pool, first["Session"], "6")
    done = answer_riddle(pool, second["Session"], "5")
    assert done["AuthenticationResult"]["TokenType"] == "Bearer"
    last = aws.functions.events("DefineAuthChallenge")[-1]["request"]
    assert last["session"] == [
        {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": False, "challengeMetadata": "SUM"},
        {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": True, "challengeMetadata": "SUM"},
    ]
    assert last["clientMetadata"] == {"try": "5"}
    with pytest.raises(ClientError) as error:
        answer_riddle(pool, first["Session"], "5")
    assert refused(error) == (
        "NotAuthorizedException",
        "Invalid session for the user, session can only be used once.",
    )


def test_custom_challenge_fails_for_good(aws: LocalAws) -> None:
    riddle(aws)
    pool = with_triggers(aws, *CUSTOM)
    pool.confirmed(ADA)
    session = begin_riddle(pool)["Session"]
    for _ in range(2):
        session = answer_riddle(pool, session, "6")["Session"]
    with pytest.raises(ClientError) as error:
        answer_riddle(pool, session, "6")
    assert refused(error) == ("NotAuthorizedException", "Incorrect username or password.")


def test_custom_session_of_another_user_is_refused(aws: LocalAws) -> None:
    riddle(aws)
    pool = with_triggers(aws, *CUSTOM)
    for name in (ADA, "eve@example.com"):
        pool.confirmed(name)
    with pytest.raises(ClientError) as error:
        answer_riddle(pool, begin_riddle(pool)["Session"], "5", "eve@example.com")
    assert refused(error) == ("NotAuthorizedException", "Invalid session for the user.")


def test_nobody_gets_no_tokens_however_right_the_answer(aws: LocalAws) -> None:
    """The functions learn that the user is not found; who answers does not."""
    riddle(aws)
    pool = with_triggers(aws, *CUSTOM)
    hiding = pool.app_client(PreventUserExistenceErrors="ENABLED")["ClientId"]
    pool = PoolUnderTest(aws, pool.id, hiding)
    session = begin_riddle(pool, "nobody@example.com")["Session"]
    with pytest.raises(ClientError) as error:
        answer_riddle(pool, session, "5", "nobody@example.com")
    assert refused(error) == ("NotAuthorizedException", "Incorrect username or password.")
    assert aws.functions.events("DefineAuthChallenge")[0]["request"]["userNotFound"] is True


def test_custom_flow_begins_with_the_password(aws: LocalAws) -> None:
    """SRP_A, PASSWORD_VERIFIER, then the riddle."""
    riddle(aws)
    riddles = aws.functions.handlers["DefineAuthChallenge"]

    def define(event: Event) -> Event:
        session = event["request"]["session"]
        if [step["challengeName"] for step in session] == ["SRP_A"]:
            return answering(challengeName="PASSWORD_VERIFIER", issueTokens=False)(event)
        if not session[1]["challengeResult"]:
            return answering(failAuthentication=True)(event)
        found: Event = riddles(event)
        return found

    aws.functions.handlers["DefineAuthChallenge"] = define
    pool = with_triggers(aws, *CUSTOM)
    pool.confirmed(ADA)

    def after_password(password: str) -> dict[str, Any]:
        helper = AWSSRP(ADA, password, pool.id, pool.client_id, client=pool.idp)
        parameters = {**helper.get_auth_params(), "CHALLENGE_NAME": "SRP_A"}
        challenge = pool.idp.initiate_auth(
            ClientId=pool.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters=parameters
        )
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "datetime.datetime.utcnow", DeprecationWarning)
            responses = helper.process_challenge(challenge["ChallengeParameters"], parameters)
        answer: dict[str, Any] = pool.idp.respond_to_auth_challenge(
            ClientId=pool.client_id,
            ChallengeName="PASSWORD_VERIFIER",
            Session=challenge["Session"],
            ChallengeResponses=responses,
        )
        return answer

    asked = after_password(PASSWORD)
    assert asked["ChallengeName"] == "CUSTOM_CHALLENGE"
    assert "AuthenticationResult" in answer_riddle(pool, asked["Session"], "5")
    with pytest.raises(ClientError) as error:
        after_password("Wrong-horse-1")
    assert refused(error) == ("NotAuthorizedException", "Incorrect username or password.")
