"""Alerts, and what the rules count in the access log."""

import builtins
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, bindparam, func, or_, select, update

from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import alerts, audit_events
from app.adapters.db.types import Identifier, Instant
from app.core.audit.alert import Alert, AlertFilter, Severity, Sighting, Watch
from app.core.audit.log import first_id_at

_WATCHER = 2
"""The claim of the one watcher."""
_MOST_SIGHTINGS = 100
_NAMES = tuple(column.name for column in alerts.columns)
_table, _event = alerts.c, audit_events.c
_LIMIT = bindparam("limit", type_=Integer)

_ADD = insert_into(alerts)
_THIS = _table.alert_id == bindparam("which", type_=Identifier)
_ACKNOWLEDGE = Command(
    Statement(
        update(alerts)
        .where(_THIS, _table.acknowledged_at.is_(None))
        .values(
            acknowledged_at=bindparam("acknowledged", type_=Instant),
            acknowledged_by=bindparam("who", type_=Text),
        )
    ),
    exact=True,
)
_SENT = Command(Statement(update(alerts).where(_THIS).values(sent_at=bindparam("sent", type_=Instant))))
_GET = Statement(select(alerts).where(_table.alert_id == bindparam("alert_id", type_=Identifier)))
_UNSENT = Statement(
    select(alerts)
    .where(_table.sent_at.is_(None), _table.at >= bindparam("since", type_=Instant))
    .order_by(_table.alert_id)
    .limit(_LIMIT)
)
_LAST = Statement(
    select(func.max(_table.at, type_=Instant)).where(
        _table.rule == bindparam("rule"),
        func.coalesce(_table.client_id, "") == bindparam("client", type_=Text),
        func.coalesce(_table.customer_id, "") == bindparam("customer", type_=Text),
    )
)


class SqlAlertStore:
    """Implements the port `AlertStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def claim(self) -> bool:
        """Whether this unit alone watches, until it ends; SQLite lets everyone."""
        return await self._session.claim(_WATCHER)

    async def take_turn(self) -> None:
        """Opens the transaction: what is read from here on stays true until the commit."""
        await self._session.lock([])

    async def sightings(self, watch: Watch, since: datetime, fresh: datetime) -> builtins.list[Sighting]:
        """What the watch finds from `since` on, of subjects with an event from `fresh` on, the most first."""
        asked: dict[str, Any] = {
            "since": first_id_at(since),
            "fresh": first_id_at(fresh),
            "least": watch.least,
            **{f"kind_{n}": kind for n, kind in enumerate(watch.kinds)},
            **{f"outcome_{n}": outcome for n, outcome in enumerate(watch.outcomes)},
            **{f"purpose_{n}": purpose for n, purpose in enumerate(watch.purposes)},
        }
        rows = await self._session.fetch(_sightings(watch), asked)
        names = [subject.value for subject in watch.subjects]
        return [Sighting(int(row[0]), **dict(zip(names, row[1:], strict=True))) for row in rows]

    async def last(self, rule: str, sighting: Sighting) -> datetime | None:
        """When this rule was last met by the same subject."""
        asked = {
            "rule": rule,
            "client": sighting.client_id or "",
            "customer": sighting.customer_id or "",
        }
        found: datetime | None = (await self._session.fetch(_LAST, asked))[0][0]
        return found

    async def get(self, alert_id: UUID) -> Alert | None:
        """One alert."""
        rows = await self._session.fetch(_GET, {"alert_id": alert_id})
        return _alert(rows[0]) if rows else None

    async def list(self, which: AlertFilter, before: UUID | None, limit: int) -> builtins.list[Alert]:
        """Alerts, newest first, beginning behind the alert `before`."""
        asked = {"rule": which.rule, "client_id": which.client_id, "before": before}
        asked = {name: value for name, value in asked.items() if value is not None}
        page = _page(frozenset(asked), which.acknowledged)
        return [_alert(row) for row in await self._session.fetch(page, {**asked, "limit": limit})]

    async def unsent(self, since: datetime, limit: int) -> builtins.list[Alert]:
        """The oldest alerts from then on that no webhook has taken."""
        rows = await self._session.fetch(_UNSENT, {"since": since, "limit": limit})
        return [_alert(row) for row in rows]

    def add(self, *found: Alert) -> None:
        """New alerts, if the unit of work commits."""
        self._session.write(_ADD, [_row(alert) for alert in found])

    def acknowledge(self, alert_id: UUID, at: datetime, who: str) -> None:
        """Somebody has looked; `commit` raises `Conflict` where somebody else was faster."""
        self._session.write(_ACKNOWLEDGE, [{"which": alert_id, "acknowledged": at, "who": who}])

    def sent(self, alert_id: UUID, at: datetime) -> None:
        """The webhook has it."""
        self._session.write(_SENT, [{"which": alert_id, "sent": at}])


def _row(alert: Alert) -> dict[str, Any]:
    return {name: getattr(alert, name) for name in _NAMES}


def _alert(row: Row) -> Alert:
    values = dict(zip(_NAMES, row, strict=True))
    return Alert(**{**values, "severity": Severity(values["severity"])})


@cache
def _page(asked: frozenset[str], acknowledged: bool | None) -> Statement:
    conditions: dict[str, Any] = {
        "rule": _table.rule == bindparam("rule"),
        "client_id": _table.client_id == bindparam("client_id"),
        "before": _table.alert_id < bindparam("before", type_=Identifier),
    }
    query = select(alerts).where(*(conditions[name] for name in sorted(asked)))
    if acknowledged is not None:
        at = _table.acknowledged_at
        query = query.where(at.is_not(None) if acknowledged else at.is_(None))
    return Statement(query.order_by(_table.alert_id.desc()).limit(_LIMIT))


@cache
def _sightings(watch: Watch) -> Statement:
    """Counts a rule's events by subject. Only subjects that did something lately are counted at all."""
    columns = [_event[subject.value] for subject in watch.subjects]
    conditions = [
        _one_of(_event.kind, "kind", len(watch.kinds)),
        *([_one_of(_event.outcome, "outcome", len(watch.outcomes))] if watch.outcomes else []),
        *([_one_of(_event.purpose, "purpose", len(watch.purposes))] if watch.purposes else []),
        *(column.is_not(None) for column in columns),
    ]
    lately = select(columns[0]).where(_event.event_id >= bindparam("fresh", type_=Identifier), *conditions)
    number = (
        func.count(_event[watch.distinct.value].distinct()) if watch.distinct else func.sum(_event["count"])
    )
    query = (
        select(number.label("number"), *columns)
        .where(_event.event_id >= bindparam("since", type_=Identifier), *conditions, columns[0].in_(lately))
        .group_by(*columns)
        .having(number >= bindparam("least", type_=Integer))
    )
    return Statement(query.order_by(number.desc()).limit(_MOST_SIGHTINGS))


def _one_of(column: Any, name: str, number: int) -> Any:
    return or_(*(column == bindparam(f"{name}_{n}", type_=Text) for n in range(number)))
