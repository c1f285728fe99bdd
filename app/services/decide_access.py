"""The access decision with the facts it takes: the client, the match, and what is known of the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.access.person import Person, age_group, death_is_known
from app.core.access.policy import AccessRequest, Deny, Facts, Permit, PolicySet, decide
from app.core.access.scope import Domain
from app.core.index.customer import Customer, SourceRecord
from app.core.matching.answer import Outcome
from app.core.matching.blocking_key import BlockingKey
from app.services.context import Caller
from app.services.ports import Clock, UnitOfWork
from app.services.resolver import Found, Resolver


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, the customer it is about where there is one, and the facts that it rested on, for the log:
    none of them is personal."""

    decision: Permit | Deny
    customer: Customer | None
    detail: dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class DecideAccess:
    """Reads what the policy asks for within the caller's transaction, then decides by the set in force."""

    policy: PolicySet
    resolver: Resolver
    clock: Clock

    async def __call__(
        self, unit: UnitOfWork, access: AccessRequest, found: Found, caller: Caller
    ) -> Decided:
        """Raises `StorageUnavailable`."""
        customer = await _active(unit, found.answer.customer_id)
        # Asked for nobody, too: that somebody is known must not show in the time that the answer takes.
        directives = await unit.consents.of(customer.customer_id if customer else "")
        matched = customer is not None and found.answer.outcome is Outcome.MATCH
        facts = Facts(
            client=caller.client,
            scopes=caller.claims.scopes,
            grade=found.answer.grade,
            matched=matched,
            now=self.clock.now(),
            person=await self._person(unit, found.records, caller.client.domain) if matched else Person(),
            directives=directives,
        )
        decision = decide(access, facts, self.policy)
        return Decided(decision, customer, self._detail(access, caller.client.domain, decision))

    async def _person(
        self, unit: UnitOfWork, records: Sequence[SourceRecord], domain: Domain | None
    ) -> Person:
        said_by = sorted({record.local.source_system for record in records if record.deceased})
        domains = await unit.clients.domains_of(said_by) if said_by else {}
        dead = death_is_known(domains.items(), domain)
        return Person(age_group(self._birth_dates(records), self.clock.today()), bool(said_by), dead)

    def _birth_dates(self, records: Sequence[SourceRecord]) -> list[date]:
        """What the records say, or the numbers in them."""
        read = (self.resolver.understand(record.given) for record in records)
        found = (e.birth_date or (e.document.birth_date if e.document else None) for e in read)
        return [day for day in found if day is not None]

    def _detail(
        self, access: AccessRequest, client: Domain | None, decision: Permit | Deny
    ) -> dict[str, str | int | float | bool | None]:
        rules = {domain: self.policy.rule_for(client, domain, access.purpose) for domain in access.domains}
        detail: dict[str, str | int | float | bool | None] = {
            "client_domain": client,
            "rules": " ".join(f"{domain}:{rule.code if rule else 'none'}" for domain, rule in rules.items()),
        }
        if isinstance(decision, Permit):
            detail["sensitive"] = " ".join(sorted(decision.sensitive))
            detail["withheld"] = " ".join(sorted(decision.withheld))
        return detail


def customer_key(customer_id: str) -> BlockingKey:
    """What a decision about a customer locks, and whatever changes what it rests on."""
    return BlockingKey("customer", customer_id)


async def _active(unit: UnitOfWork, customer_id: str | None) -> Customer | None:
    """The customer who was matched, as their tokens must know them."""
    if customer_id is None:
        return None
    customer = (await unit.customers.get([customer_id])).get(customer_id)
    return customer if customer is not None and customer.active else None
