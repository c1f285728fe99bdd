"""Registers partner systems and administrators' tools, renews their secrets, suspends them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from app.core.access.client import CLIENT_ID, CONSOLE, SOURCE_SYSTEM, Client, ClientCredential
from app.core.access.client_keys import ClientKeys
from app.core.access.roles import OPERATOR_GRANTED, held_together
from app.core.access.scope import Domain, Scope, format_scopes
from app.core.audit.event import Event, Kind
from app.core.matching.blocking_key import BlockingKey
from app.services.access_ports import SecretHasher
from app.services.context import Caller, Origin
from app.services.errors import AlreadyExists, InvalidRequest, NotFound, NotPossible, OperatorOnly
from app.services.ports import Clock, Conflict, Ids, UnitOfWork, Units
from app.services.verified_tokens import VerifiedTokens

DEFAULT_RATE = 50
HIGHEST_RATE = 1_000_000
MOST_SOURCE_SYSTEMS = 1000


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client to register. Without `source_systems` it is bound to the one named like its domain, if any."""

    client_id: str
    scopes: frozenset[Scope]
    domain: Domain | None = None
    source_systems: frozenset[str] | Literal["all"] | None = None
    rate: int | None = DEFAULT_RATE

    def bound_to(self) -> frozenset[str] | None:
        """The source systems it may register for and read of; None is all."""
        if self.source_systems == "all":
            return None
        if self.source_systems is not None:
            return frozenset(self.source_systems)
        return frozenset({self.domain.value}) if self.domain is not None else frozenset()


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A client with its new secret, which is shown this once."""

    client: Client
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientProof:
    """A client and what it proves itself by: `keys`, or a secret. `since`: when that was made or last
    replaced, None where that was before it was recorded."""

    client: Client
    keys: ClientKeys | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class ClientPage:
    """Clients by ID; `next_after` continues the list, None at its end."""

    clients: Sequence[Client]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class ManageClients:
    """The life of a client. Each change, and each refusal to an administrator, is one commit with its event.

    `by` is the administrator's call; None is the operator's command line, which alone grants
    `OPERATOR_GRANTED` scopes and renews clients that hold them.
    """

    units: Units
    hasher: SecretHasher
    clock: Clock
    ids: Ids
    verified: VerifiedTokens

    async def create(self, new: NewClient, by: Caller | None) -> ClientSecret:
        """Registers one with a secret.

        Raises `InvalidRequest`, `OperatorOnly`, `AlreadyExists`, `StorageUnavailable`.
        """
        secret, credential = self._with_secret(self._client(new))
        await self._add(credential, by)
        return ClientSecret(credential.client, secret)

    async def create_with_keys(self, new: NewClient, keys: ClientKeys, by: Caller | None) -> Client:
        """Registers a client that proves itself by its keys. Raises as `create`."""
        credential = _with_keys(self._client(new), keys, self.clock.now())
        await self._add(credential, by)
        return credential.client

    async def list(self, after: str | None, limit: int) -> ClientPage:
        """Clients whose ID comes after `after`. Raises `StorageUnavailable`."""
        async with self.units() as unit:
            found = await unit.clients.list(after, limit + 1)
        page = found[:limit]
        return ClientPage(page, page[-1].client_id if len(found) > limit else None)

    async def get(self, client_id: str) -> Client:
        """One client. Raises `NotFound`, `StorageUnavailable`."""
        async with self.units() as unit:
            return (await _registered(unit, client_id)).client

    async def proof(self, client_id: str) -> ClientProof:
        """One client with its keys, never its secret. Raises `NotFound`, `StorageUnavailable`."""
        async with self.units() as unit:
            found = await _registered(unit, client_id)
        return ClientProof(found.client, found.keys, found.since)

    async def rotate_secret(self, client_id: str, by: Caller | None) -> ClientSecret:
        """Gives the client a new secret; the old one is good no longer. Tokens it has live on.

        Raises `NotFound`, `OperatorOnly`, `NotPossible` (it has keys), `StorageUnavailable`.
        """
        async with self.units() as unit:
            client = (await _locked(unit, client_id)).client
            await self._permit(unit, client, by)
            if client.has_keys:
                raise NotPossible("This client proves itself by keys and has no secret; replace its keys.")
            secret, credential = self._with_secret(client)
            await self._replace(unit, credential, "secret_rotated", by)
        self.verified.forget_client(client_id)
        return ClientSecret(client, secret)

    async def replace_keys(self, client_id: str, keys: ClientKeys, by: Caller | None) -> Client:
        """From now on the client proves itself by these keys alone; a secret it had is good no longer.
        Tokens it has live on. Raises `NotFound`, `OperatorOnly`, `StorageUnavailable`."""
        async with self.units() as unit:
            client = (await _locked(unit, client_id)).client
            await self._permit(unit, client, by)
            credential = _with_keys(client, keys, self.clock.now())
            await self._replace(unit, credential, "keys_replaced", by)
        self.verified.forget_client(client_id)
        return credential.client

    async def suspend(self, client_id: str, by: Caller | None) -> Client:
        """Ends the client's tokens and takes no secret of theirs. Raises `NotFound`, `StorageUnavailable`."""
        return await self._set_active(client_id, False, by)

    async def activate(self, client_id: str, by: Caller | None) -> Client:
        """Lets the client in again, with new tokens only. Raises `NotFound`, `StorageUnavailable`."""
        return await self._set_active(client_id, True, by)

    async def _set_active(self, client_id: str, active: bool, by: Caller | None) -> Client:
        async with self.units() as unit:
            credential = await _locked(unit, client_id)
            if credential.client.active is active:
                return credential.client
            # The watermark moves on activation too: a token that was being issued while the client was
            # suspended must not come to life with it.
            client = replace(credential.client, active=active, not_before=self.clock.now())
            outcome = "activated" if active else "suspended"
            await self._replace(unit, replace(credential, client=client), outcome, by)
        self.verified.forget_client(client_id)
        return client

    async def _replace(
        self, unit: UnitOfWork, credential: ClientCredential, outcome: str, by: Caller | None
    ) -> None:
        unit.clients.replace(credential)
        unit.events.append(self._event(outcome, credential.client, by, self.clock.now()))
        await unit.commit()

    async def _permit(self, unit: UnitOfWork, client: Client, by: Caller | None) -> None:
        """Whoever gets a client's secret can act as it. Raises `OperatorOnly`, which is then on record."""
        if by is None or OPERATOR_GRANTED.isdisjoint(client.scopes):
            return
        denied = self._event("deny", client, by, self.clock.now())
        unit.events.append(replace(denied, reasons=(OperatorOnly.code,)))
        await unit.commit()
        raise OperatorOnly

    def _client(self, new: NewClient) -> Client:
        for field_name, expected in _faults(new):
            raise InvalidRequest(field_name, expected)
        now = self.clock.now()
        return Client(new.client_id, new.scopes, new.domain, new.bound_to(), new.rate, True, now)

    async def _add(self, credential: ClientCredential, by: Caller | None) -> None:
        client = credential.client
        try:
            async with self.units() as unit:
                await self._permit(unit, client, by)
                if await unit.clients.get(client.client_id) is not None:
                    raise AlreadyExists
                unit.clients.add(credential)
                unit.events.append(self._event("created", client, by, client.created_at))
                await unit.commit()
        except Conflict:
            raise AlreadyExists from None

    def _with_secret(self, client: Client) -> tuple[str, ClientCredential]:
        secret = self.ids.secret()
        digest, pepper_id = self.hasher.digest(secret)
        return secret, ClientCredential(client, digest, pepper_id, since=self.clock.now())

    def _event(self, outcome: str, client: Client, by: Caller | None, now: datetime) -> Event:
        origin = by.origin if by is not None else Origin()
        return Event(
            event_id=self.ids.uuid(),
            at=now,
            kind=Kind.CLIENT,
            outcome=outcome,
            client_id=by.client.client_id if by is not None else None,
            actor=by.claims.actor if by is not None else None,
            token_id=by.claims.token_id if by is not None else None,
            source=origin.address,
            request_id=origin.request_id,
            trace_id=origin.trace_id,
            detail={
                "client": client.client_id,
                "scope": format_scopes(client.scopes),
                "domain": client.domain.value if client.domain is not None else None,
                "method": "private_key_jwt" if client.has_keys else "client_secret",
                "by": "client" if by is not None else "operator",
            },
        )


def _with_keys(client: Client, keys: ClientKeys, since: datetime) -> ClientCredential:
    return ClientCredential(replace(client, has_keys=True), None, None, keys, since)


async def _locked(unit: UnitOfWork, client_id: str) -> ClientCredential:
    """The client for a change: of two at once, a suspension must not be undone by what read before it."""
    await unit.index.lock([BlockingKey("client", client_id)])
    return await _registered(unit, client_id)


async def _registered(unit: UnitOfWork, client_id: str) -> ClientCredential:
    credential = await unit.clients.get(client_id) if CLIENT_ID.fullmatch(client_id) else None
    if credential is None:
        raise NotFound("There is no client with that ID.")
    return credential


def _faults(new: NewClient) -> Iterator[tuple[str, str]]:
    """Each field that cannot be used, with what would be right."""
    if not CLIENT_ID.fullmatch(new.client_id):
        yield "client_id", "1 to 64 of the characters a-z, 0-9, _ and -"
    if new.client_id == CONSOLE:
        yield "client_id", f"another name than '{CONSOLE}', which is the console's own"
    if not new.scopes:
        yield "scopes", "at least one scope"
    if (pair := held_together(new.scopes)) is not None:
        yield "scopes", f"{pair[0].value} or {pair[1].value}: no client holds both, these duties are separate"
    bound_to = new.bound_to() or frozenset()
    if len(bound_to) > MOST_SOURCE_SYSTEMS or not all(map(SOURCE_SYSTEM.fullmatch, bound_to)):
        yield "source_systems", "'all', or names of at most 64 letters, digits, '.', '_' and '-'"
    if new.rate is not None and not 1 <= new.rate <= HIGHEST_RATE:
        yield "rate", f"a whole number of requests a second from 1 to {HIGHEST_RATE}, or null for no limit"
