"""What every change by a steward or a source system has in common: who may, one at a time, and on record."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from app.core.audit.event import Event, Kind
from app.core.identity.elements import GivenElements
from app.core.index.customer import SourceRecord
from app.core.index.golden_record import SurvivorshipRules
from app.services.context import Caller
from app.services.elements_digest import digest_of
from app.services.errors import SourceSystemNotAllowed, VersionMismatch
from app.services.index_editor import IndexEditor
from app.services.index_journal import Actor, IndexJournal
from app.services.ports import Clock, ElementsDigest, Ids, UnitOfWork, Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe
from app.services.verified_tokens import VerifiedTokens


@dataclass(frozen=True, slots=True)
class Editing:
    """One edit: the editor, and the events that say what it did."""

    editor: IndexEditor
    unit: UnitOfWork
    events: list[Event]
    template: Event

    def note(self, outcome: str, *customer_ids: str, **detail: str | None) -> None:
        """One event for each customer it concerns, so that whoever asks about one of them finds it."""
        for customer_id in dict.fromkeys(customer_ids):
            event_id = self.editor.journal.ids.uuid()
            self.events.append(
                replace(
                    self.template,
                    event_id=event_id,
                    outcome=outcome,
                    customer_id=customer_id,
                    detail=detail,
                )
            )


@dataclass(frozen=True, slots=True)
class Stewardship:
    """Opens edits. While one is open nobody registers: who is who stays as it was read."""

    units: Units
    deny: RecordDenial
    scribe: Scribe
    clock: Clock
    ids: Ids
    digest: ElementsDigest
    verified: VerifiedTokens
    rules: SurvivorshipRules

    @asynccontextmanager
    async def edit(self, caller: Caller, kind: Kind) -> AsyncIterator[Editing]:
        """Commits at the end, everything or nothing; a denial is put on record.

        Raises `StorageUnavailable`, `Conflict`.
        """
        by = Actor(caller.client.client_id, caller.origin, caller.claims.actor)
        try:
            async with self.edit_as(by, self.scribe(caller, kind, "")) as editing:
                yield editing
        except (SourceSystemNotAllowed, VersionMismatch) as refused:
            await self.deny(caller, refused.code, kind=kind)
            raise

    @asynccontextmanager
    async def edit_as(self, by: Actor, template: Event) -> AsyncIterator[Editing]:
        """The same on the account of anybody. `template` is what every event of the edit says.

        Raises `StorageUnavailable`, `Conflict`.
        """
        async with self.units() as unit:
            await unit.index.lock_all()
            journal = IndexJournal(self.ids, self.clock.now(), by, self.rules)
            editing = Editing(IndexEditor(unit, journal, self.digest_of), unit, [], template)
            yield editing
            journal.write(unit)
            unit.events.append(*editing.events)
            await unit.commit()
        touched = {event.customer_id for event in editing.events if event.customer_id is not None}
        self.verified.forget_customers(touched)

    def digest_of(self, given: GivenElements) -> str:
        """The keyed digest of five elements."""
        return digest_of(given, self.digest)


def check_systems(caller: Caller, records: Sequence[SourceRecord]) -> None:
    """Only who knows every source system of a customer decides. Raises `SourceSystemNotAllowed`."""
    if not all(caller.client.knows(record.local.source_system) for record in records):
        raise SourceSystemNotAllowed
