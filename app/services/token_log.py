"""Puts on record what happened to a token: issued, refused, exchanged, revoked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.refusal import OAuthRefusal
from app.core.access.scope import format_scopes
from app.core.audit.event import Event, Kind
from app.services.context import Origin
from app.services.ports import Clock, Ids, Units


@dataclass(frozen=True, slots=True)
class TokenLog:
    """Builds the events of the OAuth endpoints, whose caller is a client with a secret, not a token."""

    units: Units
    clock: Clock
    ids: Ids

    def event(self, client: Client, kind: Kind, outcome: str, origin: Origin) -> Event:
        """An event with who, when and from where filled in."""
        return Event(
            event_id=self.ids.uuid(),
            at=self.clock.now(),
            kind=kind,
            outcome=outcome,
            client_id=client.client_id,
            source=origin.address,
            request_id=origin.request_id,
            trace_id=origin.trace_id,
        )

    def issued(self, client: Client, kind: Kind, claims: Claims, origin: Origin) -> Event:
        """The event of a new token: for whom, who speaks for them, where it is good and for what."""
        return replace(
            self.event(client, kind, "issued", origin),
            client_id=claims.client_id,
            actor=claims.actor,
            token_id=claims.token_id,
            detail={"audience": claims.audience, "scope": format_scopes(claims.scopes)},
        )

    async def refused(
        self,
        client: Client,
        kind: Kind,
        refusal: OAuthRefusal,
        origin: Origin,
        reason: str | None = None,
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """Commits the refusal of a known client's request; `reason` is what the caller is not told."""
        reasons = (refusal.error.value,) if reason is None else (refusal.error.value, reason)
        event = replace(
            self.event(client, kind, "refused", origin), reasons=reasons, detail=dict(detail or {})
        )
        async with self.units() as unit:
            unit.events.append(event)
            await unit.commit()
