"""Why was this permitted, or denied? Any past decision in words, from its event alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.access.explanation import Reason, explain_reasons, explain_rules
from app.core.access.policy import PolicySet
from app.core.audit.event import Event, EventFilter, Kind
from app.services.context import Caller
from app.services.errors import NotFound
from app.services.ports import UnitOfWork, Units
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision's event; the set that decided it, where it is known here; its reasons; the rule of each
    domain, None where no rule covered it."""

    event: Event
    policy: PolicySet | None
    reasons: tuple[Reason, ...]
    rules: tuple[tuple[str, Reason | None], ...]


@dataclass(frozen=True, slots=True)
class ExplainDecision:
    """`policies`: the set in force, and those that we ship. Any other that decided here is read as it was
    kept when it came into force; its version, a digest of its text, shows whether it is still that one."""

    units: Units
    scribe: Scribe
    policies: Sequence[PolicySet]
    read: Callable[[str], PolicySet | None]

    async def __call__(self, event_id: UUID, caller: Caller | None) -> Explanation:
        """Reading is an event, but for the operator's at the terminal (`caller` None). Raises `NotFound`,
        `StorageUnavailable`."""
        async with self.units() as unit:
            event = await _decision(unit, event_id)
            policy = await self._policy(unit, event.policy) if event and event.policy else None
            if caller is not None:
                detail = {"what": "explanation"}
                whom = event.customer_id if event else None
                unit.events.append(
                    self.scribe(caller, Kind.AUDIT_READ, "ok", customer_id=whom, detail=detail)
                )
                await unit.commit()
        if event is None:
            raise NotFound("There is no decision about access with that event ID.")
        asked = event.detail.get("rules")
        rules = explain_rules(asked, policy) if isinstance(asked, str) else ()
        return Explanation(event, policy, explain_reasons(event.reasons, policy), rules)

    async def _policy(self, unit: UnitOfWork, version: str) -> PolicySet | None:
        known = next((policy for policy in self.policies if policy.version == version), None)
        if known is not None:
            return known
        text = await unit.policies.text(version)
        kept = self.read(text) if text is not None else None
        return kept if kept is not None and kept.version == version else None


async def _decision(unit: UnitOfWork, event_id: UUID) -> Event | None:
    behind = UUID(int=min(event_id.int + 1, 2**128 - 1))
    found = await unit.events.list(EventFilter(kind=Kind.ACCESS), behind, 1)
    return found[0] if found and found[0].event_id == event_id and found[0].policy else None
