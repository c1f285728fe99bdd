"""Begins an event: what every line of the log says of an authenticated caller."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack
from uuid import UUID

from app.core.audit.event import Event, Kind
from app.services.context import Caller
from app.services.ports import Clock, Ids

Detail = Mapping[str, str | int | float | bool | None]
"""Further facts of an event, none of them personal."""


class Told(TypedDict, total=False):
    """What and whom: the fields of an event that a use case fills in."""

    customer_id: str | None
    domains: tuple[str, ...]
    purpose: str | None
    reasons: tuple[str, ...]
    grade: str | None
    elements_digest: str | None
    token_id: str | None
    match_id: str | None
    model: str | None
    policy: str | None
    detail: Detail
    statement: str | None


@dataclass(frozen=True, slots=True)
class Scribe:
    """Events with who, when and from where filled in; use cases tell what and whom, at once or, where it
    shows later, by `dataclasses.replace`."""

    clock: Clock
    ids: Ids

    def __call__(
        self,
        caller: Caller,
        kind: Kind,
        outcome: str,
        *,
        event_id: UUID | None = None,
        **told: Unpack[Told],
    ) -> Event:
        """`event_id` where the event names it elsewhere, too."""
        told.setdefault("token_id", caller.claims.token_id)
        return Event(
            event_id=event_id or self.ids.uuid(),
            at=self.clock.now(),
            kind=kind,
            outcome=outcome,
            client_id=caller.client.client_id,
            actor=caller.claims.actor,
            source=caller.origin.address,
            request_id=caller.origin.request_id,
            trace_id=caller.origin.trace_id,
            **told,
        )
