"""The access log: append and read. The database itself refuses everything else."""

import builtins
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.adapters.crypto.cipher import Cipher
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.event_search import EventSearch
from app.adapters.db.id_lists import among_records, records_asked
from app.adapters.db.session import Session
from app.adapters.db.statement import Row, Statement, insert_into
from app.adapters.db.tables import audit_events
from app.core.audit.event import Event, EventFilter, Kind

_OPEN = tuple(field.name for field in fields(Event) if field.name != "statement")
_COLUMNS = (*_OPEN, "statement", "data_key_id")
_ADD = insert_into(audit_events)
_GET = Statement(
    **{
        on: select(*(audit_events.c[name] for name in _COLUMNS)).where(condition)
        for on, condition in among_records(audit_events.c.event_id).items()
    }
)


class SqlEventStore:
    """Implements the port `EventStore`."""

    __slots__ = ("_cipher", "_keys", "_session", "_stated")

    def __init__(self, session: Session, cipher: Cipher, keys: CustomerKeys) -> None:
        self._session = session
        self._cipher = cipher
        self._keys = keys
        self._stated: builtins.list[Event] = []

    def append(self, *events: Event) -> None:
        """Adds events to the log, with what the unit of work writes besides or not at all."""
        self._stated += [event for event in events if event.statement is not None]
        self._session.write(_ADD, [open_row(event) for event in events if event.statement is None])

    async def settle(self) -> None:
        """Before the commit: statements are sealed, each under the key of the customer it is about, and where
        it is about nobody known under the installation's."""
        stated, self._stated = self._stated, []
        if not stated:
            return
        await self._keys.ready(event.customer_id for event in stated if event.customer_id is not None)
        self._session.write(_ADD, [{**open_row(event), **self._sealed(event)} for event in stated])

    async def get(self, event_ids: Sequence[UUID]) -> builtins.list[Event]:
        """Those of these events that are there, in no order."""
        return await self._opened(await self._session.fetch(_GET, records_asked(event_ids)))

    async def list(self, which: EventFilter, before: UUID | None, limit: int) -> builtins.list[Event]:
        """Events, newest first, beginning behind the event `before`."""
        return await self._opened(await EventSearch(self._session, _COLUMNS).page(which, before, limit))

    async def _opened(self, rows: Sequence[Row]) -> builtins.list[Event]:
        await self._keys.fetch(row[-1] for row in rows if row[-1] is not None)
        return [self._event(row) for row in rows]

    def _sealed(self, event: Event) -> dict[str, Any]:
        content, belongs_to = (event.statement or "").encode(), event.event_id.bytes
        if event.customer_id is None:
            return {
                "statement": self._cipher.seal(content, belongs_to),
                "data_key_id": self._cipher.active_id,
            }
        sealed = self._keys.seal(content, event.customer_id, belongs_to)
        return {"statement": sealed, "data_key_id": event.customer_id}

    def _event(self, row: Row) -> Event:
        values = dict(zip(_COLUMNS, row, strict=True))
        sealed, key_id = values.pop("statement"), values.pop("data_key_id")
        statement = None
        if sealed is not None and not self._keys.is_erased(key_id):
            statement = self._keys.open(sealed, key_id, values["event_id"].bytes).decode()
        return Event(**{**values, "kind": Kind(values["kind"]), "statement": statement})


def open_row(event: Event) -> dict[str, Any]:
    """The event without its statement."""
    return {**{name: getattr(event, name) for name in _OPEN}, "statement": None, "data_key_id": None}
