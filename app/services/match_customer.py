"""Who is this? And, when asked: may the caller see their records?"""

from dataclasses import dataclass, replace
from uuid import UUID

from app.core.access.emergency import EmergencyAccess
from app.core.access.policy import AccessRequest, Deny, Permit
from app.core.access.scope import Scope
from app.core.audit.event import Event, Kind
from app.core.identity.elements import GivenElements
from app.core.matching.answer import Answer, Grade, Outcome
from app.services.context import Caller
from app.services.decide_access import DecideAccess, Decided, customer_key
from app.services.errors import InsufficientScope
from app.services.grant_records import GrantRecords
from app.services.issued_token import IssuedToken
from app.services.match_event import match_event
from app.services.notice_probing import NoticeProbing
from app.services.ports import ElementsDigest, UnitOfWork, Units
from app.services.record_denial import RecordDenial
from app.services.resolver import Resolver
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class Permitted:
    """Access was given: the customer-bound token, and the rules that opened the domains."""

    token: IssuedToken
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Access was not given. The caller never learns why: not whether there is such a customer at all."""

    reasons: tuple[str, ...] = ("not_available",)


@dataclass(frozen=True, slots=True)
class Matched:
    """What the caller may be told. `access` stands where access was asked for."""

    match_id: UUID
    answer: Answer
    access: Permitted | Refused | None


@dataclass(frozen=True, slots=True)
class MatchCustomer:
    """Answers `POST /v1/match`: one query for candidates, one transaction for the events."""

    units: Units
    resolver: Resolver
    decide: DecideAccess
    grant: GrantRecords
    deny: RecordDenial
    digest: ElementsDigest
    scribe: Scribe
    probing: NoticeProbing

    async def __call__(
        self, given: GivenElements, access: AccessRequest | None, caller: Caller, explain: bool
    ) -> Matched:
        """Raises `InvalidElements`, `InsufficientScope`, `StorageUnavailable`."""
        await self._check_explain(caller, explain)
        elements = self.resolver.understand(given)
        async with self.units() as unit:
            found = await self.resolver.find(elements, unit.index, brief=not explain)
            event = match_event(self.scribe, caller, given, found.answer, self.digest)
            result = Matched(event.event_id, found.answer, None)
            if access is None:
                unit.events.append(event)
            else:
                # Whoever changes the customer or their consents waits: no token outlives what it rests on.
                await unit.index.lock([customer_key(found.answer.customer_id or str(event.event_id))])
                decided_on = await self.decide(unit, access, found, caller)
                result, decided = self._decided(event, found.answer, access, decided_on, caller)
                unit.events.append(event, decided)
                _have_it_judged(unit, decided, decided_on, caller)
            missed = result.answer.outcome is not Outcome.MATCH
            self.probing(unit, caller.client, given, elements, missed=missed)
            await unit.commit()
        return result

    async def _check_explain(self, caller: Caller, explain: bool) -> None:
        if explain and Scope.MATCH_EXPLAIN not in caller.claims.scopes:
            await self.deny(caller, "insufficient_scope", kind=Kind.MATCH)
            raise InsufficientScope(Scope.MATCH_EXPLAIN)

    def _decided(
        self, match: Event, answer: Answer, access: AccessRequest, decided: Decided, caller: Caller
    ) -> tuple[Matched, Event]:
        """What the caller is told, and the decision's event, which alone holds the true reasons."""
        decision, customer = decided.decision, decided.customer
        event = self.scribe(
            caller,
            Kind.ACCESS,
            "deny",
            customer_id=answer.customer_id,
            domains=access.domains,
            purpose=access.purpose,
            reasons=decision.reasons,
            grade=answer.grade,
            elements_digest=match.elements_digest,
            match_id=match.match_id,
            model=match.model,
            policy=decision.policy,
            statement=access.reason,
            detail=decided.detail,
        )
        if isinstance(decision, Deny) or customer is None:
            return Matched(match.event_id, _undisclosed(answer), Refused()), event
        token = self.grant(caller, customer, access, decision)
        permit = replace(event, outcome="permit", token_id=token.claims.token_id)
        return Matched(match.event_id, answer, Permitted(token, decision.reasons)), permit


def _have_it_judged(unit: UnitOfWork, event: Event, decided: Decided, caller: Caller) -> None:
    """A permit in an emergency waits for a verdict from the moment it is given."""
    if decided.customer is None or not isinstance(decided.decision, Permit) or not decided.decision.emergency:
        return
    unit.emergencies.add(
        EmergencyAccess(
            event_id=event.event_id,
            at=event.at,
            client_id=caller.client.client_id,
            actor=event.actor,
            customer_id=decided.customer.customer_id,
            domains=event.domains,
        )
    )


def _undisclosed(answer: Answer) -> Answer:
    """The one answer for "no such customer", "denied" and "review": they cannot be told apart."""
    return Answer(Outcome.NO_MATCH, Grade.CERTAINLY_NOT, None, None, (), (), (), answer.model)
