"""The access log: who asked for what of whom, why, and how it ended. Append-only; the database sees to it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.health_data_center.identifiers import uuid7
from app.health_data_center.tables import access_events


class Kind(StrEnum):
    """What was tried."""

    RECORDS_READ = "records_read"
    RECORDS_WRITE = "records_write"
    LOOKUP = "lookup"
    AUTHENTICATION = "authentication"


class Result(StrEnum):
    """How it ended. `ERROR`: nothing was decided, since something was out of order."""

    PERMIT = "permit"
    DENY = "deny"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEvent:
    """One line. Holds no identity element and no word of a record.

    `client_id` is the partner; `actor` who spoke for it; `reasons` stable codes; `token_id` the `jti` of the
    token that was used; `source` the network address; `records` how many were given or taken; `count` > 1
    folds repeats of one unauthenticated failure.
    """

    at: datetime
    kind: Kind
    outcome: Result
    reasons: tuple[str, ...] = ()
    client_id: str | None = None
    actor: str | None = None
    customer_id: str | None = None
    domains: tuple[str, ...] = ()
    purpose: str | None = None
    token_id: str | None = None
    source: str | None = None
    request_id: str | None = None
    records: int | None = None
    count: int = 1
    event_id: str = field(default_factory=uuid7)


async def append(connection: AsyncConnection, events: Sequence[AccessEvent]) -> None:
    """Writes events in the caller's transaction, so that nothing is given of which there is no line."""
    await connection.execute(insert(access_events), [_row(event) for event in events])


def _row(event: AccessEvent) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "at": event.at,
        "kind": event.kind.value,
        "outcome": event.outcome.value,
        "reasons": json.dumps(event.reasons),
        "client_id": event.client_id,
        "actor": event.actor,
        "customer_id": event.customer_id,
        "domains": json.dumps(event.domains),
        "purpose": event.purpose,
        "token_id": event.token_id,
        "source": event.source,
        "request_id": event.request_id,
        "records": event.records,
        "count": event.count,
    }
