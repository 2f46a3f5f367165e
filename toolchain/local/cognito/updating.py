"""Change a user's attributes, and verify new addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolchain.local.cognito.attributes import check_changed_attributes
from toolchain.local.cognito.clock import Clock
from toolchain.local.cognito.delivery import Delivery, Sending
from toolchain.local.cognito.pool import Pool
from toolchain.local.cognito.store.codes import attribute_purpose
from toolchain.local.cognito.store.users import Users
from toolchain.local.cognito.user import VERIFIABLE, User


@dataclass(frozen=True, slots=True)
class Updating:
    users: Users
    delivery: Delivery
    clock: Clock

    def update(
        self,
        pool: Pool,
        user: User,
        changes: Mapping[str, str],
        requester: tuple[str | None, dict[str, str] | None],
    ) -> list[dict[str, str]]:
        """Change attributes; returns CodeDeliveryDetails of each address that has to be verified.

        `requester` is a client's id (None: an administrator) and its metadata. A new address is not
        verified; where the pool says so, the old one stays until it is.
        https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
        """
        check_changed_attributes(pool, changes)
        now = self.clock()
        updated = self.users.update(pool, user.username, lambda user: _change(pool, user, changes, now))
        new = [name for name in VERIFIABLE if _waits(updated, user, name)]
        details = []
        for name in new:
            if name in pool.auto_verified_attributes or name in updated.pending:
                sending = Sending("UpdateUserAttribute", name, *requester)
                purpose = attribute_purpose(name)
                details.append(self.delivery.send_code(pool, updated, purpose, sending))
        return details


def _waits(updated: User, before: User, name: str) -> bool:
    """Whether an address is new, and not said to be verified."""
    if name in updated.pending:
        return updated.pending[name] != before.pending.get(name)
    is_new = updated.attributes.get(name) not in (None, before.attributes.get(name))
    return is_new and not updated.is_verified(name)


def _change(pool: Pool, user: User, changes: Mapping[str, str], now: float) -> User:
    """Users change attributes of another address: it is unverified unless an administrator vouches."""
    values, pending = dict(changes), dict(user.pending)
    for name in VERIFIABLE:
        verified = f"{name}_verified"
        if not changes.get(name) or changes[name] == user.attributes.get(name):
            continue
        pending.pop(name, None)
        if verified in changes:
            continue
        if name in pool.verifies_before_update and user.is_verified(name):
            pending[name] = values.pop(name)
        else:
            values[verified] = "false"
    return replace(user.with_attributes(values, now), pending=pending)
