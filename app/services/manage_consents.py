"""The register of consents: what customers, or who speaks for them, permit, forbid and withdraw."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.core.access.client import CLIENT_ID
from app.core.access.consent import Directive, GivenBy, Stance
from app.core.access.consent_record import ConsentRecord, Proof, Withdrawal
from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose
from app.core.audit.event import Kind
from app.core.index.customer_id import is_well_formed
from app.services.context import Caller
from app.services.decide_access import customer_key
from app.services.end_tokens import end_tokens
from app.services.errors import CustomerErased, InvalidRequest, NotFound, NotPossible, SourceSystemNotAllowed
from app.services.ports import Clock, Ids, UnitOfWork, Units
from app.services.record_denial import RecordDenial
from app.services.scribe import Scribe
from app.services.verified_tokens import VerifiedTokens

MOST_CONSENTS = 200
"""How many directives a customer may have, withdrawn ones too: each decision weighs them all."""


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A directive to record; empty means any, `valid_from` None from now on."""

    stance: Stance
    given_by: GivenBy
    proof: Proof
    domains: frozenset[Domain] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    partners: frozenset[str] = frozenset()
    kinds: frozenset[RecordKind] = frozenset()
    sensitive: frozenset[Sensitivity] = frozenset()
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """Newest first; `next` continues the list, None at its end."""

    items: Sequence[ConsentRecord]
    next: UUID | None


@dataclass(frozen=True, slots=True)
class ManageConsents:
    """Each change is one commit with its event, and takes effect at once: what forbids ends the customer's
    tokens. A client records for customers whom one of its source systems knows."""

    units: Units
    deny: RecordDenial
    scribe: Scribe
    clock: Clock
    ids: Ids
    verified: VerifiedTokens

    async def record(self, customer_id: str, new: NewConsent, caller: Caller) -> ConsentRecord:
        """Raises `NotFound`, `NotPossible`, `InvalidRequest`, `SourceSystemNotAllowed`,
        `StorageUnavailable`."""
        async with self._changing(customer_id, caller) as unit:
            now = self.clock.now()
            await _check(unit, new, now)
            known = await unit.consents.of(customer_id)
            if len(known) >= MOST_CONSENTS:
                raise NotPossible(f"A customer may have {MOST_CONSENTS} consents, withdrawn ones too.")
            record = self._record(customer_id, new, now, caller)
            unit.consents.add([record])
            await self._finish(unit, record, "recorded", caller, ends=new.stance is Stance.DENY)
        self.verified.forget_customers([customer_id])
        return record

    async def withdraw(
        self, customer_id: str, consent_id: UUID, reason: str | None, caller: Caller
    ) -> ConsentRecord:
        """Withdrawn once and for all. Raises `NotFound`, `NotPossible`, `SourceSystemNotAllowed`,
        `StorageUnavailable`."""
        async with self._changing(customer_id, caller) as unit:
            theirs = {directive.consent_id for directive in await unit.consents.of(customer_id)}
            record = await unit.consents.get(consent_id) if consent_id in theirs else None
            if record is None:
                raise NotFound("The customer has no consent with that ID.")
            if record.withdrawal is not None:
                raise NotPossible("This consent was withdrawn before.")
            now, by = self.clock.now(), caller.client.client_id
            end = Withdrawal(consent_id, now, by, caller.claims.actor, reason)
            unit.consents.withdraw(end, record.directive.customer_id)
            ended = replace(record, directive=replace(record.directive, withdrawn_at=now), withdrawal=end)
            stance = record.directive.stance
            await self._finish(unit, ended, "withdrawn", caller, ends=stance is Stance.PERMIT, of=customer_id)
        self.verified.forget_customers([customer_id])
        return ended

    async def list(self, customer_id: str, before: UUID | None, limit: int, caller: Caller) -> ConsentPage:
        """The history, of those merged into the customer, too. Raises `NotFound`, `NotPossible`,
        `SourceSystemNotAllowed`, `StorageUnavailable`."""
        try:
            async with self.units() as unit:
                await _check_customer(unit, customer_id, caller)
                found = await unit.consents.list(customer_id, before, limit + 1)
                unit.events.append(self.scribe(caller, Kind.CONSENT, "read", customer_id=customer_id))
                await unit.commit()
        except SourceSystemNotAllowed:
            await self._denied(customer_id, caller)
            raise
        page = found[:limit]
        return ConsentPage(page, page[-1].directive.consent_id if len(found) > limit else None)

    @asynccontextmanager
    async def _changing(self, customer_id: str, caller: Caller) -> AsyncIterator[UnitOfWork]:
        """A unit in which nobody else decides about the customer; a denial is put on record."""
        try:
            async with self.units() as unit:
                await unit.index.lock([customer_key(customer_id)])
                await _check_customer(unit, customer_id, caller)
                yield unit
        except SourceSystemNotAllowed:
            await self._denied(customer_id, caller)
            raise

    async def _denied(self, customer_id: str, caller: Caller) -> None:
        code = SourceSystemNotAllowed.code
        await self.deny(caller, code, kind=Kind.CONSENT, customer_id=customer_id)

    async def _finish(
        self,
        unit: UnitOfWork,
        record: ConsentRecord,
        outcome: str,
        caller: Caller,
        *,
        ends: bool,
        of: str | None = None,
    ) -> None:
        directive = record.directive
        customer_id = of or directive.customer_id
        if ends:
            await end_tokens(unit, [customer_id], self.clock.now())
        event = self.scribe(
            caller,
            Kind.CONSENT,
            outcome,
            customer_id=customer_id,
            domains=tuple(sorted(directive.domains)),
            detail={
                "consent_id": str(directive.consent_id),
                "decision": directive.stance,
                "given_by": directive.given_by,
                "purposes": " ".join(sorted(directive.purposes)),
                "kinds": " ".join(sorted(directive.kinds)),
                "sensitive": " ".join(sorted(directive.sensitive)),
                "proof_sha256": record.proof.sha256 if record.proof else None,
            },
        )
        unit.events.append(event)
        await unit.commit()

    def _record(self, customer_id: str, new: NewConsent, now: datetime, caller: Caller) -> ConsentRecord:
        directive = Directive(
            consent_id=self.ids.uuid(),
            customer_id=customer_id,
            stance=new.stance,
            given_by=new.given_by,
            valid_from=new.valid_from or now,
            recorded_at=now,
            domains=new.domains,
            purposes=new.purposes,
            partners=new.partners,
            kinds=new.kinds,
            sensitive=new.sensitive,
            valid_until=new.valid_until,
        )
        return ConsentRecord(directive, new.proof, caller.client.client_id, caller.claims.actor)


async def _check_customer(unit: UnitOfWork, customer_id: str, caller: Caller) -> None:
    known = await unit.customers.get([customer_id]) if is_well_formed(customer_id) else {}
    if customer_id not in known:
        raise NotFound("There is no customer with that ID.")
    customer = known[customer_id]
    if customer.erased_at is not None:
        raise CustomerErased
    if not customer.active:
        raise NotPossible(f"This customer was merged; they are known as {customer.known_as}.")
    records = await unit.index.records_of([customer_id])
    # Who is left without any record is a matter for those who know every system.
    knows = any(caller.client.knows(record.local.source_system) for record in records)
    if not knows and caller.client.source_systems is not None:
        raise SourceSystemNotAllowed


async def _check(unit: UnitOfWork, new: NewConsent, now: datetime) -> None:
    if new.valid_until is not None and new.valid_until <= (new.valid_from or now):
        raise InvalidRequest("valid_until", "a time after valid_from")
    for client_id in sorted(new.partners):
        if not CLIENT_ID.fullmatch(client_id) or await unit.clients.get(client_id) is None:
            raise InvalidRequest("partners", "the client IDs of registered clients")
