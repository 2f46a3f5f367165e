"""The settings of pools on disk, as text: see toolchain.local.cognito.moto_documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from toolchain.local.cognito.store.database import Database


@dataclass(frozen=True, slots=True)
class SavedPool:
    id: str
    account: str
    region: str
    document: str


class SavedPools:
    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> list[SavedPool]:
        rows = self._database.rows("SELECT * FROM pools ORDER BY rowid")
        return [SavedPool(r["id"], r["account"], r["region"], r["document"]) for r in rows]

    def write(self, pools: Mapping[str, SavedPool]) -> None:
        """Make these the pools that there are; with a pool go its users."""
        with self._database.transaction() as connection:
            kept = {row["id"]: row["document"] for row in connection.execute("SELECT * FROM pools")}
            for pool_id in kept.keys() - pools.keys():
                connection.execute("DELETE FROM pools WHERE id = ?", (pool_id,))
                for table in ("users", "logins", "memberships", "codes", "sign_ins"):
                    connection.execute(f"DELETE FROM {table} WHERE pool_id = ?", (pool_id,))  # noqa: S608  ours
            for pool in pools.values():
                if kept.get(pool.id) != pool.document:
                    connection.execute(
                        "INSERT INTO pools VALUES (?, ?, ?, ?)"
                        " ON CONFLICT (id) DO UPDATE SET document = excluded.document",
                        (pool.id, pool.account, pool.region, pool.document),
                    )
