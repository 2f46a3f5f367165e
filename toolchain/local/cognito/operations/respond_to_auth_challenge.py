"""RespondToAuthChallenge and AdminRespondToAuthChallenge.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from toolchain.local.cognito.errors import NotSupportedLocallyError
from toolchain.local.cognito.operations.initiate_auth import client_of_pool
from toolchain.local.cognito.pool import Client, Pool, Pools
from toolchain.local.cognito.request import Document, Request
from toolchain.local.cognito.sign_in.password_verifier import CHALLENGE as PASSWORD_VERIFIER
from toolchain.local.cognito.sign_in.steps import Answer, Challenge


@dataclass(frozen=True, slots=True)
class Challenges:
    """The challenges by name. The password in a custom flow is told by its session: SRP alone has none."""

    challenges: Mapping[str, Challenge]
    custom_password: Challenge

    def answer(self, request: Request, pool: Pool, client: Client) -> Document:
        name = request.text("ChallengeName")
        answer = Answer(
            pool=pool,
            client=client,
            responses=request.mapping("ChallengeResponses"),
            session=request.optional_text("Session"),
            client_metadata=request.optional_mapping("ClientMetadata"),
        )
        if name == PASSWORD_VERIFIER and answer.session:
            return self.custom_password.answer(answer)
        if name not in self.challenges:
            raise NotSupportedLocallyError(
                f"ChallengeName {name} is not supported locally; use {', '.join(sorted(self.challenges))}"
            )
        return self.challenges[name].answer(answer)


@dataclass(frozen=True, slots=True)
class RespondToAuthChallenge:
    pools: Pools
    challenges: Challenges

    def __call__(self, request: Request) -> Document:
        pool, client = self.pools.by_client(request.text("ClientId"))
        return self.challenges.answer(request, pool, client)


@dataclass(frozen=True, slots=True)
class AdminRespondToAuthChallenge:
    pools: Pools
    challenges: Challenges

    def __call__(self, request: Request) -> Document:
        pool, client = client_of_pool(self.pools, request)
        return self.challenges.answer(request, pool, client)
