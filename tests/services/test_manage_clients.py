import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.adapters.crypto.secrets import PepperedSecrets
from app.core.access.client import Client
from app.core.access.scope import Domain, Scope
from app.core.audit.event import Event, Kind
from app.services.errors import AlreadyExists, InvalidRequest, NotFound
from app.services.manage_clients import ClientPage, ManageClients, NewClient
from app.services.ports import Units

Events = Callable[[], Awaitable[list[Event]]]
Register = Callable[..., Awaitable[Client]]
READ = frozenset({Scope.CUSTOMER_READ})


@pytest.mark.parametrize(
    ("domain", "systems", "bound_to"),
    [
        (Domain.MEDICAL, None, frozenset({"medical"})),
        (Domain.MEDICAL, frozenset({"his-east", "his-west"}), frozenset({"his-east", "his-west"})),
        (Domain.MEDICAL, "all", None),
        (None, None, frozenset()),
        (None, "all", None),
        (None, frozenset({"medical"}), frozenset({"medical"})),
    ],
)
async def test_a_client_is_bound_to_its_source_systems(
    domain: Domain | None, systems: Any, bound_to: frozenset[str] | None, manage: ManageClients
) -> None:
    created = await manage.create(NewClient("partner", READ, domain, systems), None)
    assert created.client.source_systems == bound_to
    assert await manage.get("partner") == created.client


async def test_a_secret_has_256_bits_and_only_its_digest_is_kept(
    manage: ManageClients, units: Units, hasher: PepperedSecrets, events: Events
) -> None:
    created = await manage.create(NewClient("partner", READ), None)
    assert len(created.secret) >= 43
    assert created.secret not in repr(created)
    async with units() as unit:
        credential = await unit.clients.get("partner")
    assert credential is not None
    assert created.secret.encode() not in (credential.secret_digest or b"")
    assert hasher.verify(created.secret, credential)
    assert created.secret not in repr(await events())


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewClient("Upper", READ), "client_id"),
        (NewClient("", READ), "client_id"),
        (NewClient("a" * 65, READ), "client_id"),
        (NewClient("a b", READ), "client_id"),
        (NewClient("partner", frozenset()), "scopes"),
        (NewClient("partner", READ, source_systems=frozenset({"a b"})), "source_systems"),
        (NewClient("partner", READ, source_systems=frozenset({""})), "source_systems"),
        (NewClient("partner", READ, rate=0), "rate"),
        (NewClient("partner", READ, rate=-1), "rate"),
    ],
)
async def test_a_field_that_cannot_be_used_is_named(
    new: NewClient, field: str, manage: ManageClients, events: Events
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await manage.create(new, None)
    assert refused.value.field == field
    assert await events() == []


async def test_an_id_is_given_once_also_to_two_at_once(manage: ManageClients, events: Events) -> None:
    outcomes = await asyncio.gather(
        *(manage.create(NewClient("partner", READ), None) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadyExists"] * 3 + ["ClientSecret"]
    with pytest.raises(AlreadyExists):
        await manage.create(NewClient("partner", READ), None)
    assert len(await events()) == 1


async def test_clients_are_listed_in_pages(manage: ManageClients, register: Register) -> None:
    for name in ("c", "a", "b"):
        await register(name, Scope.CUSTOMER_READ)
    first = await manage.list(None, 2)
    assert [client.client_id for client in first.clients] == ["a", "b"]
    assert first.next_after == "b"
    last = await manage.list(first.next_after, 2)
    assert [client.client_id for client in last.clients] == ["c"]
    assert last.next_after is None
    assert await manage.list("c", 2) == ClientPage([], None)


async def test_a_new_secret_ends_the_old_one(
    manage: ManageClients, units: Units, hasher: PepperedSecrets
) -> None:
    old = await manage.create(NewClient("partner", READ), None)
    new = await manage.rotate_secret("partner", None)
    async with units() as unit:
        credential = await unit.clients.get("partner")
    assert credential is not None
    assert hasher.verify(new.secret, credential)
    assert not hasher.verify(old.secret, credential)
    assert new.client == old.client


async def test_suspension_and_activation_move_the_watermark(
    manage: ManageClients, register: Register, clock: Any, pass_time: Callable[[float], None]
) -> None:
    await register("partner", Scope.CUSTOMER_READ)
    suspended = await manage.suspend("partner", None)
    assert (suspended.active, suspended.not_before) == (False, clock.now())
    pass_time(10)
    assert await manage.suspend("partner", None) == suspended
    active = await manage.activate("partner", None)
    assert (active.active, active.not_before) == (True, clock.now())
    assert await manage.activate("partner", None) == active


async def test_of_a_suspension_and_a_new_secret_at_once_neither_is_lost(
    manage: ManageClients, register: Register
) -> None:
    for round_ in range(10):
        client_id = f"partner-{round_}"
        await register(client_id, Scope.CUSTOMER_READ)
        await asyncio.gather(manage.rotate_secret(client_id, None), manage.suspend(client_id, None))
        assert not (await manage.get(client_id)).active


@pytest.mark.parametrize("client_id", ["nobody", "", "\x00", "NOBODY", "a" * 100])
async def test_who_is_not_registered_is_not_found(client_id: str, manage: ManageClients) -> None:
    for use in (manage.get, lambda name: manage.rotate_secret(name, None), lambda n: manage.suspend(n, None)):
        with pytest.raises(NotFound):
            await use(client_id)


async def test_every_change_is_an_event(manage: ManageClients, register: Register, events: Events) -> None:
    await register("partner", Scope.CUSTOMER_READ, domain=Domain.MEDICAL)
    await manage.rotate_secret("partner", None)
    await manage.suspend("partner", None)
    await manage.activate("partner", None)
    written = await events()
    assert {event.kind for event in written} == {Kind.CLIENT}
    assert [event.outcome for event in written] == ["created", "secret_rotated", "suspended", "activated"]
    assert written[0].detail == {
        "client": "partner",
        "scope": "customer:read",
        "domain": "medical",
        "method": "client_secret",
        "by": "operator",
    }
