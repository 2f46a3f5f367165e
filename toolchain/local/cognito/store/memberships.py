"""Who is in which group."""

from toolchain.local.cognito.pool import Group, Pool
from toolchain.local.cognito.store.database import Database


class Memberships:
    """The groups themselves are the pool's; one that was deleted has no members."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, pool: Pool, group: str, username: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO memberships VALUES (?, ?, ?)", (pool.id, group, username)
            )

    def remove(self, pool: Pool, group: str, username: str) -> None:
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM memberships WHERE pool_id = ? AND group_name = ? AND username = ?",
                (pool.id, group, username),
            )

    def of_user(self, pool: Pool, username: str) -> list[Group]:
        """The user's groups, the most important first."""
        rows = self._database.rows(
            "SELECT group_name FROM memberships WHERE pool_id = ? AND username = ?", (pool.id, username)
        )
        groups = [pool.groups[name] for (name,) in rows if name in pool.groups]
        return sorted(groups, key=lambda group: group.rank)

    def usernames(self, pool: Pool, group: str, after: str, limit: int) -> list[str]:
        """At most `limit` members, by username, from after one on."""
        rows = self._database.rows(
            "SELECT username FROM memberships WHERE pool_id = ? AND group_name = ? AND username > ?"
            " ORDER BY username LIMIT ?",
            (pool.id, group, after, limit),
        )
        return [username for (username,) in rows]
