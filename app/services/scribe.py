"""Begins an event: what every line of the log says of an authenticated caller."""

from dataclasses import dataclass

from app.core.audit.event import Event, Kind
from app.services.context import Caller
from app.services.ports import Clock, Ids


@dataclass(frozen=True, slots=True)
class Scribe:
    """Events with who, when and from where filled in; use cases `dataclasses.replace` what and whom."""

    clock: Clock
    ids: Ids

    def __call__(self, caller: Caller, kind: Kind, outcome: str) -> Event:
        return Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=kind,
            outcome=outcome,
            client_id=caller.client.client_id,
            actor=caller.claims.actor,
            token_id=caller.claims.token_id,
            source=caller.origin.address,
            request_id=caller.origin.request_id,
            trace_id=caller.origin.trace_id,
        )
