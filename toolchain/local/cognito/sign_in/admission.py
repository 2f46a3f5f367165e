"""May this user try to sign in? Everything that comes before the proof."""

from dataclasses import dataclass

from toolchain.local.cognito.attempts import Lockout
from toolchain.local.cognito.client_secret import check_secret_hash
from toolchain.local.cognito.errors import (
    NotAuthorizedError,
    PasswordResetRequiredError,
    UserNotFoundError,
)
from toolchain.local.cognito.migration import Migration
from toolchain.local.cognito.sign_in.steps import Start
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.triggers.authentication import pre_authentication
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Admission:
    users: Users
    lockout: Lockout
    migration: Migration
    triggers: Triggers

    def admit(self, start: Start, password: str | None = None) -> User | None:
        """The user, or None where nobody has the name and the client hides that.

        With a password, a user who is unknown may be migrated: that one is admitted with it.
        Raises NotAuthorizedError, UserNotFoundError or PasswordResetRequiredError.
        """
        name = start.parameter("USERNAME")
        check_secret_hash(start.client, name, start.parameters.get("SECRET_HASH"))
        user = self.users.find(start.pool, name)
        if user is None and password is not None:
            extra = {"validationData": start.client_metadata}
            user = self.migration.migrate(start.pool, start.client, (name, password), extra)
        if user is None:
            self._refuse(start, name)
            return None
        self.lockout.check(user)
        pre_authentication(self.triggers, start.pool, start.client, user, start.client_metadata)
        # The function may have changed the user: what counts is the user after it.
        user = self.users.get(start.pool, user.username)
        if not user.is_enabled:
            raise NotAuthorizedError("User is disabled.")
        if user.status == "RESET_REQUIRED":
            raise PasswordResetRequiredError
        return user

    def _refuse(self, start: Start, name: str) -> None:
        if not start.client.hides_users:
            raise UserNotFoundError
        pre_authentication(self.triggers, start.pool, start.client, name, start.client_metadata)
