"""Keep a user whom the UserMigration trigger brought over."""

from dataclasses import dataclass, replace

from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.passwords import keep_password
from toolchain.local.cognito.pool import Client, Pool
from toolchain.local.cognito.registration import new_user
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.triggers.calling import Triggers
from toolchain.local.cognito.triggers.migration import migrate
from toolchain.local.cognito.user import User


@dataclass(frozen=True, slots=True)
class Migration:
    users: Users
    triggers: Triggers
    clock: Clock

    def migrate(
        self,
        pool: Pool,
        client: Client,
        login: tuple[str, str | None],
        extra: dict[str, dict[str, str] | None],
    ) -> User | None:
        """The user, now one of the pool's; None if nobody elsewhere has the name either.

        `login` is the name and the password that was typed, None when it was forgotten. Raises
        AliasExistsError for an alias that somebody else has, unless the function says to take it.
        """
        found = migrate(self.triggers, pool, client, login, extra)
        if found is None:
            return None
        name, password = login
        now = self.clock()
        made = new_user(pool, name, found.attributes, found.status, now)
        verified = {name: found.attributes[name] for name in made.attributes if name in found.attributes}
        user = made.with_attributes(verified, now)
        if password is not None:
            kept = keep_password(pool, user.username, password)
            user = replace(user, password=kept, password_set_at=now)
        self.users.add(pool, user, takes_aliases=found.takes_aliases)
        return user
