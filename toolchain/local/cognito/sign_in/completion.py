"""What comes after the proof: a new password, a second factor, and then the tokens."""

import json
from dataclasses import dataclass

from toolchain.local.cognito.attempts import Lockout
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.errors import (
    NotAuthorizedError,
    NotSupportedLocallyError,
    PasswordResetRequiredError,
    UserNotConfirmedError,
)
from toolchain.local.cognito.request import Document
from toolchain.local.cognito.sign_in.steps import Attempt, Pending, Sessions, open_session
from toolchain.local.cognito.tokens.claims import ADMIN_SCOPE
from toolchain.local.cognito.tokens.issuing import Issuer, Tokens
from toolchain.local.cognito.triggers.authentication import post_authentication
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.tokens import Occasion

NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"  # noqa: S105  the name of a challenge
SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA"  # noqa: S105  the same
MFA_SETUP = "MFA_SETUP"
_DAY = 86400


@dataclass(frozen=True, slots=True)
class Completion:
    sessions: Sessions
    lockout: Lockout
    issuer: Issuer
    triggers: Triggers
    clock: Clock

    def proceed(self, attempt: Attempt) -> Document:
        """The next challenge for a user whose password (or custom answer) is right, or tokens."""
        return self.challenge(attempt) or {
            "ChallengeParameters": {},
            "AuthenticationResult": self.finish(attempt).result(),
        }

    def challenge(self, attempt: Attempt) -> Document | None:
        """What is still to be asked, None if nothing is; raises for users who can't sign in as they are."""
        match attempt.user.status:
            case "UNCONFIRMED":
                raise UserNotConfirmedError
            case "RESET_REQUIRED":
                raise PasswordResetRequiredError
            case "FORCE_CHANGE_PASSWORD":
                return self._new_password(attempt)
            case _:
                return self.second_factor(attempt)

    def second_factor(self, attempt: Attempt) -> Document | None:
        """A code from the user's app, where the pool and the user want one."""
        pool, user = attempt.pool, attempt.user
        if pool.mfa == "OFF":
            return None
        token = user.software_token
        if user.uses_software_token and token and token.is_verified:
            parameters = {"USER_ID_FOR_SRP": user.username, "FRIENDLY_DEVICE_NAME": token.name}
            return self.ask(attempt, SOFTWARE_TOKEN_MFA, parameters)
        if pool.mfa == "OPTIONAL":
            return None
        if not pool.allows_software_tokens:
            raise NotSupportedLocallyError(
                f"user pool {pool.id} requires a second factor by SMS or e-mail, which is not supported"
                " locally; enable SoftwareTokenMfaConfiguration"
            )
        parameters = {"USER_ID_FOR_SRP": user.username, "MFAS_CAN_SETUP": json.dumps([SOFTWARE_TOKEN_MFA])}
        return self.ask(attempt, MFA_SETUP, parameters)

    def finish(self, attempt: Attempt) -> Tokens:
        """The user is in: make tokens."""
        self.enter(attempt)
        occasion = Occasion(
            attempt.pool,
            attempt.client,
            attempt.user,
            attempt.source,
            (ADMIN_SCOPE,),
            attempt.client_metadata,
        )
        return self.issuer.sign_in(occasion, attempt.user)

    def enter(self, attempt: Attempt) -> None:
        """Nothing is left to prove: forget wrong passwords, and tell PostAuthentication."""
        self.lockout.succeed(attempt.user)
        pool, client, user = attempt.pool, attempt.client, attempt.user
        post_authentication(self.triggers, pool, client, user, attempt.client_metadata)

    def ask(self, attempt: Attempt, challenge: str, parameters: dict[str, str]) -> Document:
        pending = Pending(
            challenge=challenge,
            pool_id=attempt.pool.id,
            client_id=attempt.client.id,
            user=attempt.user.username,
            source=attempt.source,
        )
        return {
            "ChallengeName": challenge,
            "Session": open_session(self.sessions, attempt.client, pending),
            "ChallengeParameters": parameters,
        }

    def _new_password(self, attempt: Attempt) -> Document:
        """https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html, first sign-in."""
        user = attempt.user
        days = int(attempt.pool.password_policy.get("TemporaryPasswordValidityDays") or 7)
        if self.clock() > user.password_set_at + days * _DAY:
            raise NotAuthorizedError("Temporary password has expired and must be reset by an administrator.")
        missing = [
            f"userAttributes.{name}"
            for name, attribute in attempt.pool.schema.items()
            if attribute.is_required and name not in user.attributes
        ]
        visible = {name: value for name, value in user.attributes.items() if name != "sub"}
        parameters = {
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": json.dumps(missing),
            "userAttributes": json.dumps(visible),
        }
        return self.ask(attempt, NEW_PASSWORD_REQUIRED, parameters)
