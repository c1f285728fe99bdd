"""Pairs that stewards settle, and the pairs they found to be two people."""

import builtins
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    update,
)

from app.adapters.db.id_lists import among_records, among_texts, records_asked
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import customers, distinct_pairs, reviews, source_records
from app.adapters.db.types import Identifier, Real
from app.adapters.db.words import holds_word, word_pattern
from app.core.index.customer import (
    UNSETTLED,
    DistinctPair,
    Review,
    ReviewFilter,
    ReviewStatus,
    Verdict,
)

PAGE = 1000

_FIELDS = tuple(column.name for column in reviews.columns)
_CHANGING = ("status", "assigned_to", "decision", "decided_by", "decided_at")
_ADD = insert_into(reviews)
_GET = Statement(select(reviews).where(reviews.c.review_id == bindparam("review_id")))
_PUT = Command(
    Statement(
        update(reviews)
        .where(reviews.c.review_id == bindparam("the_review"))
        .values({name: bindparam(name, type_=reviews.c[name].type) for name in _CHANGING})
    ),
    exact=True,
)
_DECIDED = Statement(
    select(reviews)
    .where(
        reviews.c.status == ReviewStatus.DECIDED.value,
        reviews.c.review_id > bindparam("after", type_=Identifier),
    )
    .order_by(reviews.c.review_id)
    .limit(bindparam("limit", type_=Integer))
)
_unsettled = or_(*(reviews.c.status == status.value for status in UNSETTLED))
_OF_RECORDS = Statement(
    **{on: select(reviews).where(c, _unsettled) for on, c in among_records(reviews.c.record_id).items()}
)
_OF_CUSTOMERS = [
    Statement(**{on: select(reviews).where(c, _unsettled) for on, c in among_texts(column, "asked").items()})
    for column in (reviews.c.customer_id, reviews.c.candidate_id)
]
_ADD_PAIRS = insert_into(
    distinct_pairs,
    lambda statement: statement.on_conflict_do_update(
        index_elements=["record_id", "other_record_id"],
        set_={name: statement.excluded[name] for name in ("digest", "other_digest", "decision_id")},
    ),
)
_PAIRS = Statement(
    **{on: select(distinct_pairs).where(c) for on, c in among_records(distinct_pairs.c.record_id).items()}
)


class SqlReviewStore:
    """Implements the port `ReviewStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, opened: Sequence[Review]) -> None:
        """Opens reviews."""
        self._session.write(_ADD, [{name: getattr(review, name) for name in _FIELDS} for review in opened])

    async def get(self, review_id: UUID) -> Review | None:
        """One review."""
        rows = await self._session.fetch(_GET, {"review_id": review_id})
        return _review(rows[0]) if rows else None

    def put(self, changed: Sequence[Review]) -> None:
        """What became of known reviews."""
        self._session.write(
            _PUT,
            [
                {"the_review": review.review_id, **{name: getattr(review, name) for name in _CHANGING}}
                for review in changed
            ],
        )

    async def list(
        self, which: ReviewFilter, after: Review | None, limit: int, *, backwards: bool = False
    ) -> builtins.list[Review]:
        """The likeliest pairs first, beginning behind the review `after`; `backwards` those before it, the
        nearest first."""
        asked: dict[str, Any] = {f.name: getattr(which, f.name) for f in fields(ReviewFilter)}
        asked = {name: value for name, value in asked.items() if value is not None}
        if which.reason is not None:
            asked["reason"] = word_pattern(which.reason)
        if which.systems is not None:
            asked["systems"] = sorted(which.systems)
        if after is not None:
            asked |= {"score": after.score, "review_id": after.review_id}
        query = _queue(frozenset(asked), backwards)
        return [_review(row) for row in await self._session.fetch(query, {**asked, "limit": limit})]

    async def unsettled_of_records(self, record_ids: Sequence[UUID]) -> builtins.list[Review]:
        """What is still asked about these records."""
        if not record_ids:
            return []
        return [_review(row) for row in await self._session.fetch(_OF_RECORDS, records_asked(record_ids))]

    async def unsettled_of_customers(self, customer_ids: Sequence[str]) -> builtins.list[Review]:
        """What is still asked about these customers, on either side."""
        asked = {"asked": list(customer_ids)}
        rows = [row for query in _OF_CUSTOMERS for row in await self._session.fetch(query, asked)]
        return list({review.review_id: review for review in map(_review, rows)}.values())

    async def decided(self) -> AsyncIterator[Review]:
        """Every decided review in the order in which they were opened, page by page."""
        after = UUID(int=0)
        while rows := await self._session.fetch(_DECIDED, {"after": after, "limit": PAGE}):
            for row in rows:
                yield _review(row)
            after = rows[-1][0]

    def add_pairs(self, pairs: Sequence[DistinctPair]) -> None:
        """Pairs that are two people; each is found from either side."""
        rows = [pair for one in pairs for pair in (one, _turned(one))]
        names = distinct_pairs.columns.keys()
        self._session.write(_ADD_PAIRS, [{name: getattr(row, name) for name in names} for row in rows])

    async def pairs_of(self, record_ids: Sequence[UUID]) -> builtins.list[DistinctPair]:
        """The pairs that one of these records is the first of."""
        if not record_ids:
            return []
        return [DistinctPair(*row) for row in await self._session.fetch(_PAIRS, records_asked(record_ids))]


@cache
def _queue(asked: frozenset[str], backwards: bool) -> Statement:
    """The query for one set of filters, in one direction."""
    table = reviews.c
    conditions: Mapping[str, Any] = {
        "status": table.status == bindparam("status", type_=Text),
        "assigned_to": table.assigned_to == bindparam("assigned_to", type_=Text),
        "least": table.score >= bindparam("least", type_=Real),
        "below": table.score < bindparam("below", type_=Real),
        "reason": holds_word(table.reasons, "reason"),
        "review_id": _before() if backwards else _behind(),
    }
    query = select(reviews).where(*(conditions[name] for name in sorted(asked & conditions.keys())))
    likeliest = (table.score.desc(), table.review_id)
    ordered = query.order_by(*((table.score, table.review_id.desc()) if backwards else likeliest))
    page = ordered.limit(bindparam("limit", type_=Integer))
    if "systems" not in asked:
        return Statement(page)
    known = among_texts(source_records.c.source_system, "systems")
    return Statement(**{on: page.where(~_known_elsewhere(c)) for on, c in known.items()})


def _known_elsewhere(known: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether somebody else than who knows these source systems knows a side of the pair."""
    side = customers.alias("side")
    theirs = source_records.c.customer_id == func.coalesce(side.c.survivor_id, side.c.customer_id)
    either = or_(side.c.customer_id == reviews.c.customer_id, side.c.customer_id == reviews.c.candidate_id)
    strange = select(literal(1)).select_from(side.join(source_records, theirs)).where(either, ~known)
    return strange.correlate(reviews).exists()


def _behind() -> ColumnElement[bool]:
    """Further down the queue than a review."""
    score, review_id = _place()
    return or_(reviews.c.score < score, and_(reviews.c.score == score, reviews.c.review_id > review_id))


def _before() -> ColumnElement[bool]:
    """Further up."""
    score, review_id = _place()
    return or_(reviews.c.score > score, and_(reviews.c.score == score, reviews.c.review_id < review_id))


def _place() -> tuple[BindParameter[Any], BindParameter[Any]]:
    return bindparam("score", type_=Real), bindparam("review_id", type_=Identifier)


def _turned(pair: DistinctPair) -> DistinctPair:
    return replace(
        pair,
        record_id=pair.other_record_id,
        other_record_id=pair.record_id,
        digest=pair.other_digest,
        other_digest=pair.digest,
    )


def _review(row: Row) -> Review:
    values = dict(zip(_FIELDS, row, strict=True))
    decision = values["decision"]
    return Review(
        **{
            **values,
            "status": ReviewStatus(values["status"]),
            "decision": Verdict(decision) if decision else None,
        }
    )
