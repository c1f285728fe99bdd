"""What happened, counted: for people who look after the service. No row of a person is read."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Text, and_, bindparam, func, literal, or_, select, type_coerce

from app.adapters.db.client_activity import client_activity
from app.adapters.db.event_search import EventSearch
from app.adapters.db.session import Session
from app.adapters.db.statement import Statement
from app.adapters.db.tables import audit_events, reviews
from app.adapters.db.types import Identifier, Instant
from app.core.audit.activity import REFUSALS, Count
from app.core.audit.client_activity import ClientActivity
from app.core.audit.event import EventFilter, Kind
from app.core.audit.log import LAST_ID, first_id_at
from app.core.index.customer import UNSETTLED, ReviewedPair, Verdict

_events, _reviews = audit_events.c, reviews.c
_MINUTE, _HOUR = 16, 13
"""How many characters of an instant in ISO 8601 name its minute, its hour."""


def _texts(column: Any) -> dict[str, Any]:
    """An instant as `2026-11-21T08:30`, in UTC, for each database."""
    form = literal('YYYY-MM-DD"T"HH24:MI').label(None)
    return {
        "sqlite": type_coerce(column, Text),
        "postgresql": func.to_char(func.timezone("UTC", column), form, type_=Text),
    }


def _counts(length: int) -> Statement:
    def query(text: Any) -> Any:
        """`text` is an event's time; its first `length` characters name the slot it is counted in."""
        slot = func.substr(text, 1, length, type_=Text).label("slot")
        return (
            select(slot, _events.kind, _events.outcome, func.sum(_events.count, type_=Integer))
            .where(
                _events.event_id >= bindparam("since", type_=Identifier),
                _events.event_id < bindparam("until", type_=Identifier),
                or_(
                    _events.kind == Kind.MATCH.value,
                    and_(_events.kind == Kind.ACCESS.value, _events.outcome == "permit"),
                    *(_events.outcome == refusal for refusal in REFUSALS),
                ),
            )
            .group_by(slot, _events.kind, _events.outcome)
        )

    return Statement(**{on: query(text) for on, text in _texts(_events.at).items()})


def _review_counts(column: Any) -> Statement:
    def query(text: Any) -> Any:
        slot = func.substr(text, 1, _MINUTE, type_=Text).label("slot")
        since = bindparam("since", type_=Instant)
        return select(slot, func.count(type_=Integer)).where(column >= since).group_by(slot)

    return Statement(**{on: query(text) for on, text in _texts(column).items()})


_BY_MINUTE, _BY_HOUR = _counts(_MINUTE), _counts(_HOUR)
_OPENED, _DECIDED = _review_counts(_reviews.opened_at), _review_counts(_reviews.decided_at)
_OPEN = Statement(
    select(func.count(type_=Integer)).where(or_(*(_reviews.status == status.value for status in UNSETTLED)))
)
_SETTLED = Statement(
    select(_reviews.score, _reviews.reasons, _reviews.decision)
    .order_by(_reviews.opened_at.desc())
    .limit(bindparam("limit", type_=Integer))
)
_OF_REQUEST = Statement(
    select(_events.event_id)
    .where(
        _events.request_id == bindparam("request_id", type_=Text),
        _events.event_id.between(bindparam("first", type_=Identifier), bindparam("last", type_=Identifier)),
    )
    .order_by(_events.event_id)
    .limit(bindparam("limit", type_=Integer))
)


class SqlActivityStore:
    """Implements the port `ActivityStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def counts(self, since: datetime, until: datetime | None, *, by_minute: bool) -> list[Count]:
        """Matches, permits and refusals since then, and before `until` if that is given, by minute or hour,
        kind and outcome; folded ones with their count."""
        statement = _BY_MINUTE if by_minute else _BY_HOUR
        ids = {"since": first_id_at(since), "until": first_id_at(until) if until else LAST_ID}
        rows = await self._session.fetch(statement, ids)
        return [Count(_instant(slot), kind, outcome, int(count)) for slot, kind, outcome, count in rows]

    async def review_counts(self, since: datetime) -> tuple[list[Count], list[Count]]:
        """Reviews that were opened and that were decided since then, by minute."""
        opened = await self._session.fetch(_OPENED, {"since": since})
        decided = await self._session.fetch(_DECIDED, {"since": since})
        return (
            [Count(_instant(slot), "review", "opened", count) for slot, count in opened],
            [Count(_instant(slot), "review", "decided", count) for slot, count in decided],
        )

    async def open_reviews(self) -> int:
        """How many pairs wait for a steward."""
        (row,) = await self._session.fetch(_OPEN, {})
        return int(row[0])

    async def recent_reviews(self, limit: int) -> list[ReviewedPair]:
        """The newest reviews: score, what was in doubt, and what a steward said."""
        rows = await self._session.fetch(_SETTLED, {"limit": limit})
        return [ReviewedPair(score, reasons, Verdict(d) if d else None) for score, reasons, d in rows]

    async def of_request(self, request_id: str, first: UUID, last: UUID, limit: int) -> list[UUID]:
        """The events of one request, between two IDs, in their order."""
        asked = {"request_id": request_id, "first": first, "last": last, "limit": limit}
        return [row[0] for row in await self._session.fetch(_OF_REQUEST, asked)]

    async def last_used(self, client_ids: Sequence[str]) -> dict[str, datetime]:
        """When each of these clients last left an event: by the search, which need not read the whole log."""
        search, found = EventSearch(self._session, ("at",)), dict[str, datetime]()
        for client_id in client_ids:
            for (at,) in await search.page(EventFilter(client_id=client_id), None, 1):
                found[client_id] = at
        return found

    async def of_client(
        self, client_id: str, since: datetime, until: datetime, zone: tzinfo
    ) -> ClientActivity:
        """What a client did from `since` on, until before `until`; days are those of the zone."""
        return await client_activity(self._session, client_id, since, until, zone)


def _instant(slot: str) -> datetime:
    return datetime.fromisoformat(slot + ":00" * (len(slot) == _HOUR)).replace(tzinfo=UTC)
