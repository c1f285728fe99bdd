"""Source records come in; each is linked to a customer, makes one, or makes one with a review."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.audit.event import Event, Kind
from app.core.index.customer import LocalId, Review, SourceRecord
from app.core.index.golden_record import BY_VERIFICATION_AND_TIME, SurvivorshipRules
from app.core.matching.blocking_key import BlockingKey
from app.services.context import Caller, Origin
from app.services.decided_pairs import DecidedPairs
from app.services.elements_digest import digest_of
from app.services.errors import SourceSystemNotAllowed, VersionMismatch
from app.services.index_journal import Actor, IndexJournal
from app.services.neighbourhood import Neighbourhood
from app.services.placing import ANY_VERSION, Known, Placed, Placement, Placing, Prepared, Registration
from app.services.ports import Clock, Conflict, ElementsDigest, Ids, UnitOfWork, Units
from app.services.prepare import Prepare
from app.services.record_denial import RecordDenial
from app.services.resolver import Resolver

TRIES = 3


@dataclass(frozen=True, slots=True)
class Registered:
    """How it ended: `outcome` is linked, created or review; `changed` False where nothing was new; `version`
    is the record's."""

    customer_id: str
    outcome: Placement
    changed: bool
    version: int


Also = Callable[[UnitOfWork, Sequence[Registered]], None]
"""Writes that belong to the same transaction."""

OPERATOR = Actor("operator:cli", Origin())
"""Whoever sits at the terminal; the colon keeps it apart from every registered client."""


@dataclass(frozen=True, slots=True)
class RegisterCustomer:
    """Registers a batch in one transaction; a `PUT` is a batch of one.

    The batch's blocking keys are locked first, so that two requests that bring the same new person wait for
    each other and end in one customer.
    """

    units: Units
    resolver: Resolver
    prepare: Prepare
    deny: RecordDenial
    digest: ElementsDigest
    clock: Clock
    ids: Ids
    rules: SurvivorshipRules = BY_VERIFICATION_AND_TIME

    async def put(self, registration: Registration, caller: Caller) -> Registered:
        """One record. Raises `SourceSystemNotAllowed`, `VersionMismatch`, `InvalidElements`,
        `StorageUnavailable`."""
        if not caller.client.knows(registration.local.source_system):
            await self.deny(caller, "source_system_not_allowed", kind=Kind.REGISTER)
            raise SourceSystemNotAllowed
        by = Actor(caller.client.client_id, caller.origin, caller.claims.actor)
        try:
            (registered,) = await self.batch([self.prepare(registration)], by, log_unchanged=True)
        except VersionMismatch as refused:
            await self.deny(caller, refused.code, kind=Kind.REGISTER)
            raise
        return registered

    async def batch(
        self,
        prepared: Sequence[Prepared],
        by: Actor,
        *,
        log_unchanged: bool = False,
        also: Also | None = None,
    ) -> list[Registered]:
        """Many records in order. Of one local ID named twice the later row sees the earlier one's effect.

        `also` adds writes of the caller's to the transaction, once it is known how every record ended.
        """
        for attempt in range(TRIES):
            try:
                return await self._try(prepared, by, log_unchanged, also)
            except Conflict:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    async def _try(
        self, prepared: Sequence[Prepared], by: Actor, log_unchanged: bool, also: Also | None
    ) -> list[Registered]:
        prepared = self.prepare.renewed(prepared)
        rows = [one.row for one in prepared]
        asked = tuple({key: None for one in prepared for key in one.probes})
        async with self.units() as unit:
            await unit.index.lock([*map(_local_key, rows), *asked])
            stored = {r.local: r for r in await unit.index.records([row.local for row in rows])}
            _check_versions(rows, stored)
            near = Neighbourhood(await unit.index.find(asked), self.resolver)
            changing = [stored[row.local] for row in rows if _changes(row, stored.get(row.local))]
            near.complete(await unit.index.records_of(sorted({r.customer_id for r in changing})))
            known = await self._known(unit, stored, changing)
            journal = IndexJournal(self.ids, self.clock.now(), by, self.rules)
            placing = Placing(self.resolver, near, known, journal)
            done = [placing.place(one) for one in prepared]
            self._write(unit, placing, [p for p in done if p.changed or log_unchanged], journal)
            ended = [Registered(p.record.customer_id, p.outcome, p.changed, p.record.version) for p in done]
            if also is not None:
                also(unit, ended)
            await unit.commit()
        return ended

    async def _known(
        self, unit: UnitOfWork, stored: dict[LocalId, SourceRecord], changing: Sequence[SourceRecord]
    ) -> Known:
        """What is asked and decided about the records that change; of new ones there is nothing."""
        changed = list({record.record_id: None for record in changing})
        unsettled: dict[UUID, list[Review]] = defaultdict(list)
        for review in await unit.reviews.unsettled_of_records(changed):
            unsettled[review.record_id].append(review)
        pairs = await unit.reviews.pairs_of(changed)
        return Known(stored, unsettled, DecidedPairs(pairs, lambda given: digest_of(given, self.digest)))

    def _write(
        self, unit: UnitOfWork, placing: Placing, done: Sequence[Placed], journal: IndexJournal
    ) -> None:
        unit.index.add_customers(placing.new_customers, placing.now)
        unit.index.put_records([(p.record, p.prepared.keys) for p in placing.latest()])
        unit.reviews.add(placing.reviews)
        unit.reviews.put(list({review.review_id: review for review in placing.superseded}.values()))
        journal.write(unit)
        unit.events.append(*(self._event(p, placing.now, journal.by) for p in done))

    def _event(self, placed: Placed, now: datetime, by: Actor) -> Event:
        return Event(
            event_id=self.ids.uuid(),
            at=now,
            kind=Kind.REGISTER,
            outcome=placed.outcome if placed.changed else "unchanged",
            client_id=by.client_id,
            actor=by.actor,
            customer_id=placed.record.customer_id,
            reasons=placed.reasons,
            grade=placed.grade,
            elements_digest=placed.prepared.digest,
            source=by.origin.address,
            request_id=by.origin.request_id,
            trace_id=by.origin.trace_id,
            model=placed.model,
            detail={"source_system": placed.record.local.source_system},
        )


def _local_key(row: Registration) -> BlockingKey:
    """Two requests for one local ID wait for each other too."""
    return BlockingKey("local_id", f"{row.local.source_system}\0{row.local.local_id}")


def _changes(row: Registration, stored: SourceRecord | None) -> bool:
    return stored is not None and not row.says_nothing_new(stored)


def _check_versions(rows: Sequence[Registration], stored: Mapping[LocalId, SourceRecord]) -> None:
    for row in rows:
        known = stored.get(row.local)
        if row.if_version is None or (known and row.if_version in (ANY_VERSION, known.version)):
            continue
        raise VersionMismatch
