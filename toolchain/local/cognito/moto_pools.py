"""The pools that moto's control plane holds: read for every request, kept on disk after every change."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from moto.cognitoidp.models import (
    CognitoIdpBackend,
    CognitoIdpUserPool,
    CognitoIdpUserPoolClient,
    cognitoidp_backends,
)

from toolchain.local.cognito.errors import ResourceNotFoundError
from toolchain.local.cognito.moto_documents import dump_pool, load_pool
from toolchain.local.cognito.pool import Attribute, Client, Group, Pool
from toolchain.local.cognito.store.pools import SavedPool, SavedPools


class MotoPools:
    """toolchain.local.cognito.pool.Pools, and what provisioning does with them."""

    def __init__(self, saved: SavedPools) -> None:
        self._saved = saved
        self._saving = threading.Lock()

    def by_id(self, pool_id: str) -> Pool:
        for _, pool in _pools():
            if pool.id == pool_id:
                return _pool(pool)
        raise ResourceNotFoundError(f"User pool {pool_id} does not exist.")

    def by_client(self, client_id: str) -> tuple[Pool, Client]:
        for _, pool in _pools():
            if client_id in pool.clients:
                return _pool(pool), _client(pool.clients[client_id])
        raise ResourceNotFoundError(f"User pool client {client_id} does not exist.")

    def domain(self, pool_id: str) -> str | None:
        """The prefix of the pool's domain."""
        for backend, pool in _pools():
            if pool.id == pool_id:
                domains = list(backend.user_pool_domains.values())
                return next((domain.domain for domain in domains if domain.user_pool_id == pool_id), None)
        return None

    def save(self) -> None:
        """Bring the disk up to date; what is of pools that are gone goes with them."""
        with self._saving:
            self._saved.write(
                {
                    pool.id: SavedPool(pool.id, pool.account_id, pool.region, dump_pool(backend, pool))
                    for backend, pool in _pools()
                }
            )

    def restore(self) -> None:
        """Make moto's pools those on disk, whatever they were."""
        for backend in list(_backends()):
            backend.user_pools.clear()
            backend.user_pool_domains.clear()
        for saved in self._saved.read():
            load_pool(cognitoidp_backends[saved.account][saved.region], saved.document)

    def keep_only(self, names: Mapping[str, str]) -> list[str]:
        """Remove all other pools than those with these ids (names by id), and their users; the names of those
        that were removed.
        """
        removed = []
        for backend, pool in list(_pools()):
            if pool.id not in names:
                removed.append(pool.name)
                del backend.user_pools[pool.id]
                for key, domain in list(backend.user_pool_domains.items()):
                    if domain.user_pool_id == pool.id:
                        del backend.user_pool_domains[key]
        self.save()
        return removed

    @staticmethod
    def names() -> dict[str, str]:
        """The names of all pools that moto has now, by id."""
        return {pool.id: pool.name for _, pool in _pools()}

    @staticmethod
    def backend(account: str, region: str) -> CognitoIdpBackend:
        """moto's own operations, for provisioning; save afterwards."""
        return cognitoidp_backends[account][region]


def _backends() -> Iterator[CognitoIdpBackend]:
    for account in list(cognitoidp_backends.values()):
        yield from list(account.values())


def _pools() -> Iterator[tuple[CognitoIdpBackend, CognitoIdpUserPool]]:
    for backend in _backends():
        for pool in list(backend.user_pools.values()):
            yield backend, pool


def _pool(pool: CognitoIdpUserPool) -> Pool:
    return Pool(
        id=pool.id,
        region=pool.region,
        settings=pool.extended_config,
        schema={attribute.name: _attribute(attribute) for attribute in pool.schema_attributes.values()},
        clients={client.id: _client(client) for client in list(pool.clients.values())},
        groups={
            group.group_name: Group(
                name=group.group_name,
                role_arn=group.role_arn or None,
                precedence=group.precedence,
                document=_group_document(group.to_json()),
            )
            for group in list(pool.groups.values())
        },
        scopes=frozenset(
            f"{server.identifier}/{scope['ScopeName']}"
            for server in list(pool.resource_servers.values())
            for scope in server.scopes or ()
        ),
        mfa=pool.mfa_config,
        allows_software_tokens=bool((pool.token_mfa_config or {}).get("Enabled")),
    )


def _client(client: CognitoIdpUserPoolClient) -> Client:
    secret = client.secret if client.generate_secret else None
    return Client(client.id, secret, client.extended_config)


def _attribute(attribute: Any) -> Attribute:  # noqa: ANN401  moto's class has no types for its members
    text, number = attribute.string_constraints or {}, attribute.number_constraints or {}
    is_number = attribute.data_type == "Number"
    minimum = number.get("MinValue") if is_number else text.get("MinLength")
    maximum = number.get("MaxValue") if is_number else text.get("MaxLength")
    return Attribute(
        name=attribute.name,
        data_type=attribute.data_type,
        is_mutable=attribute.mutable,
        is_required=attribute.required,
        minimum=None if minimum is None else int(minimum),
        maximum=None if maximum is None else int(maximum),
    )


def _group_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as JSON 1.1 has them: seconds; without what is not set."""
    dates = {name: document[name].timestamp() for name in ("CreationDate", "LastModifiedDate")}
    return {name: value for name, value in {**document, **dates}.items() if value is not None}
