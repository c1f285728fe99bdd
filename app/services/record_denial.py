"""Every denial is an event: the one place that writes it for an authenticated caller."""

from dataclasses import dataclass

from app.core.audit.event import Kind
from app.services.context import Caller
from app.services.ports import Units
from app.services.scribe import Scribe


@dataclass(frozen=True, slots=True)
class RecordDenial:
    """Commits one `deny` event of a caller who is known but may not do what they asked."""

    units: Units
    scribe: Scribe

    async def __call__(
        self,
        caller: Caller,
        reason: str,
        *,
        kind: Kind = Kind.ACCESS,
        customer_id: str | None = None,
        domains: tuple[str, ...] = (),
    ) -> None:
        event = self.scribe(caller, kind, "deny", customer_id=customer_id, domains=domains, reasons=(reason,))
        async with self.units() as unit:
            unit.events.append(event)
            await unit.commit()
