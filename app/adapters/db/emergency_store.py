"""Accesses in an emergency, and the verdicts on them."""

import builtins
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, bindparam, select, update

from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import emergency_accesses
from app.adapters.db.types import Identifier, Instant
from app.core.access.emergency import EmergencyAccess, EmergencyFilter, EmergencyVerdict
from app.core.audit.log import first_id_at

_NAMES = tuple(column.name for column in emergency_accesses.columns)
_table = emergency_accesses.c
_ADD = insert_into(emergency_accesses)
_GET = Statement(select(emergency_accesses).where(_table.event_id == bindparam("event_id", type_=Identifier)))
_DECIDE = Command(
    Statement(
        update(emergency_accesses)
        .where(_table.event_id == bindparam("which", type_=Identifier), _table.verdict.is_(None))
        .values(
            verdict=bindparam("given", type_=Text),
            decided_at=bindparam("moment", type_=Instant),
            decided_by=bindparam("who", type_=Text),
            decided_in=bindparam("within", type_=Identifier),
        )
    ),
    exact=True,
)


class SqlEmergencyStore:
    """Implements the port `EmergencyStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, access: EmergencyAccess) -> None:
        """A new one, with the event that permits it."""
        self._session.write(_ADD, [{name: getattr(access, name) for name in _NAMES}])

    async def get(self, event_id: UUID) -> EmergencyAccess | None:
        """The access that this event permitted."""
        rows = await self._session.fetch(_GET, {"event_id": event_id})
        return _access(rows[0]) if rows else None

    async def list(
        self, which: EmergencyFilter, before: UUID | None, limit: int
    ) -> builtins.list[EmergencyAccess]:
        """Accesses, newest first, beginning behind the event `before`. IDs say the time, within a moment."""
        asked = {
            "client_id": which.client_id,
            "since": first_id_at(which.since) if which.since else None,
            "until": first_id_at(which.until) if which.until else None,
            "before": before,
        }
        asked = {name: value for name, value in asked.items() if value is not None}
        page = _page(frozenset(asked), which.decided)
        return [_access(row) for row in await self._session.fetch(page, {**asked, "limit": limit})]

    def decide(self, decided: EmergencyAccess) -> None:
        """Its verdict; `commit` raises `Conflict` where it has one already."""
        self._session.write(
            _DECIDE,
            [
                {
                    "which": decided.event_id,
                    "given": decided.verdict,
                    "moment": decided.decided_at,
                    "who": decided.decided_by,
                    "within": decided.decided_in,
                }
            ],
        )


@cache
def _page(asked: frozenset[str], decided: bool | None) -> Statement:
    conditions: dict[str, Any] = {
        "client_id": _table.client_id == bindparam("client_id", type_=Text),
        "since": _table.event_id >= bindparam("since", type_=Identifier),
        "until": _table.event_id < bindparam("until", type_=Identifier),
        "before": _table.event_id < bindparam("before", type_=Identifier),
    }
    query = select(emergency_accesses).where(*(conditions[name] for name in sorted(asked)))
    if decided is not None:
        query = query.where(_table.verdict.is_not(None) if decided else _table.verdict.is_(None))
    return Statement(query.order_by(_table.event_id.desc()).limit(bindparam("limit", type_=Integer)))


def _access(row: Row) -> EmergencyAccess:
    values = dict(zip(_NAMES, row, strict=True))
    verdict = values["verdict"]
    return EmergencyAccess(**{**values, "verdict": EmergencyVerdict(verdict) if verdict else None})
