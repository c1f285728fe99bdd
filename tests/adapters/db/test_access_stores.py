"""Clients and revoked tokens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.adapters.db.database import Database
from app.core.access.client import Client, ClientCredential
from app.core.access.scope import Domain, Scope
from app.services.ports import Conflict

if TYPE_CHECKING:
    from tests.adapters.db.conftest import People

NOW = datetime(2026, 11, 21, 23, 59, 59, 999999, tzinfo=UTC)
WHOLE = Client(
    client_id="hospital",
    scopes=frozenset({Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL}),
    domain=Domain.MEDICAL,
    source_systems=frozenset({"his", "lis"}),
    rate=50,
    active=True,
    created_at=NOW,
    not_before=NOW + timedelta(seconds=1),
)
BARE = Client("hdc", frozenset(), None, None, None, False, NOW)


async def _add(database: Database, *clients: Client) -> None:
    async with database.units() as unit:
        for client in clients:
            unit.clients.add(ClientCredential(client, b"\x00digest", "pepper-1"))
        await unit.commit()


@pytest.mark.parametrize("client", [WHOLE, BARE, replace(BARE, source_systems=frozenset())])
async def test_a_client_comes_back_as_it_was(database: Database, client: Client) -> None:
    await _add(database, client)
    async with database.units() as unit:
        expected = ClientCredential(client, b"\x00digest", "pepper-1")
        assert await unit.clients.get(client.client_id) == expected
        assert await unit.clients.get("nobody") is None


async def test_clients_are_listed_page_by_page(database: Database) -> None:
    clients = [replace(BARE, client_id=f"c{i}") for i in range(5)]
    await _add(database, *reversed(clients))
    async with database.units() as unit:
        assert await unit.clients.list(None, 2) == clients[:2]
        assert await unit.clients.list("c1", 2) == clients[2:4]
        assert await unit.clients.list("c3", 2) == clients[4:]
        assert await unit.clients.list("c4", 2) == []


async def test_a_client_id_is_taken_once(database: Database) -> None:
    await _add(database, BARE)
    with pytest.raises(Conflict):
        await _add(database, replace(BARE, active=True))


async def test_a_client_is_replaced(database: Database) -> None:
    await _add(database, WHOLE, BARE)
    changed = ClientCredential(replace(WHOLE, active=False, domain=None, rate=None), b"new", "pepper-2")
    async with database.units() as unit:
        unit.clients.replace(changed)
        await unit.commit()
    async with database.units() as unit:
        assert await unit.clients.get("hospital") == changed
        assert await unit.clients.get("hdc") == ClientCredential(BARE, b"\x00digest", "pepper-1")


async def test_a_client_that_is_not_there_cannot_be_replaced(database: Database) -> None:
    async with database.units() as unit:
        unit.clients.replace(ClientCredential(BARE, b"", ""))
        with pytest.raises(Conflict):
            await unit.commit()


async def test_a_token_is_revoked_until_it_would_have_expired(database: Database, people: "People") -> None:
    async with database.units() as unit:
        unit.revocations.add("early", NOW)
        unit.revocations.add("late", NOW + timedelta(seconds=1))
        await unit.commit()
    async with database.units() as unit:
        assert await unit.revocations.revoked("early")
        assert not await unit.revocations.revoked("other")
        unit.revocations.purge(NOW)
        unit.events.append(people.event())
        await unit.commit()
    async with database.units() as unit:
        assert not await unit.revocations.revoked("early")
        assert await unit.revocations.revoked("late")


async def test_a_token_may_be_revoked_twice(database: Database) -> None:
    for _ in range(2):
        async with database.units() as unit:
            unit.revocations.add("token", NOW)
            await unit.commit()
    async with database.units() as unit:
        assert await unit.revocations.revoked("token")
