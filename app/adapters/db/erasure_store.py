"""Erasures: requests, what there is of a customer, and its end."""

import builtins
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Table, Text, bindparam, delete, func, or_, select, update

from app.adapters.db.consent_tables import consents
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.id_lists import among_records, among_texts, records_asked
from app.adapters.db.index_queries import DELETE_KEYS
from app.adapters.db.record_codec import unpack
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import (
    changes,
    customer_keys,
    customers,
    distinct_pairs,
    erasures,
    identity_decisions,
    reviews,
    source_record_versions,
    source_records,
)
from app.adapters.db.types import Identifier, Instant
from app.core.audit.log import LAST_ID
from app.core.index.customer_id import is_well_formed
from app.core.index.erasure import Basis, Entry, Erasure, Stock

_AT_ONCE = 1000
_FIELDS = tuple(column.name for column in erasures.columns)
_ADD = insert_into(erasures)
_GET = Statement(select(erasures).where(erasures.c.erasure_id == bindparam("erasure_id")))
_LIST = Statement(
    select(erasures)
    .where(erasures.c.erasure_id < bindparam("before", type_=Identifier))
    .order_by(erasures.c.erasure_id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_CONFIRM = Command(
    Statement(
        update(erasures)
        .where(
            erasures.c.erasure_id == bindparam("the_erasure", type_=Identifier),
            erasures.c.confirmed_at.is_(None),
        )
        .values(
            {name: bindparam(name, type_=erasures.c[name].type) for name in ("confirmed_by", "confirmed_at")}
        )
    ),
    exact=True,
)
_ERASED = Statement(
    select(customers.c.customer_id, customers.c.erased_at)
    .where(customers.c.erased_at.is_not(None), customers.c.customer_id > bindparam("after", type_=Text))
    .order_by(customers.c.customer_id)
    .limit(bindparam("limit", type_=Integer))
)
_MARK = Command(
    Statement(
        update(customers)
        .where(customers.c.customer_id == bindparam("the_customer"), customers.c.erased_at.is_(None))
        .values({"erased_at": bindparam("at", type_=Instant)})
    ),
    exact=True,
)


def _each(table: Table, *keys: str) -> Command:
    """Deletes rows by their primary key."""
    same = [table.c[key] == bindparam(key, type_=table.c[key].type) for key in keys]
    return Command(Statement(delete(table).where(*same)))


def _of_customers(column: Any) -> dict[str, ColumnElement[bool]]:
    return among_texts(column, "customers")


_HELD = Statement(
    **{
        on: select(source_records.c.record_id, source_records.c.key_hashes).where(condition)
        for on, condition in among_records(source_records.c.record_id).items()
    }
)
_VERSIONS = Statement(
    **{
        on: select(
            source_record_versions.c.record_id,
            source_record_versions.c.version,
            source_record_versions.c.data_key_id,
        ).where(condition)
        for on, condition in among_records(source_record_versions.c.record_id).items()
    }
)
_PAIRS = Statement(
    **{
        on: select(distinct_pairs.c.record_id, distinct_pairs.c.other_record_id).where(condition)
        for on, condition in among_records(distinct_pairs.c.record_id).items()
    }
)
_DELETE_RECORDS = _each(source_records, "record_id")
_DELETE_VERSIONS = _each(source_record_versions, "record_id", "version")
_DELETE_PAIRS = _each(distinct_pairs, "record_id", "other_record_id")
_DELETE_REVIEWS = Command(
    Statement(
        delete(reviews).where(
            or_(reviews.c.customer_id == bindparam("erased"), reviews.c.candidate_id == bindparam("erased"))
        )
    )
)
_SILENCE = Command(
    Statement(
        update(changes)
        .where(changes.c.customer_id == bindparam("erased"), changes.c.local_id.is_not(None))
        .values(source_system=None, local_id=None)
    )
)


@cache
def _count(table: Table, *columns: str) -> Statement:
    """How many rows name one of the customers in one of these columns."""
    conditions = [_of_customers(table.c[column]) for column in columns]
    return Statement(
        **{
            on: select(func.count()).select_from(table).where(or_(*(c[on] for c in conditions)))
            for on in conditions[0]
        }
    )


class SqlErasureStore:
    """Implements the port `ErasureStore`."""

    __slots__ = ("_keys", "_session")

    def __init__(self, session: Session, keys: CustomerKeys) -> None:
        self._session = session
        self._keys = keys

    def add(self, erasure: Erasure) -> None:
        """A request."""
        self._session.write(_ADD, [{name: getattr(erasure, name) for name in _FIELDS}])

    async def get(self, erasure_id: UUID) -> Erasure | None:
        """A request by its ID."""
        rows = await self._session.fetch(_GET, {"erasure_id": erasure_id})
        return _erasure(rows[0]) if rows else None

    async def list(self, before: UUID | None, limit: int) -> builtins.list[Erasure]:
        """Requests from before that one, the newest first."""
        rows = await self._session.fetch(_LIST, {"before": before or LAST_ID, "limit": limit})
        return [_erasure(row) for row in rows]

    def confirm(self, erasure: Erasure) -> None:
        """It is done; `commit` raises `Conflict` where it was before."""
        row = {"the_erasure": erasure.erasure_id, "confirmed_by": erasure.confirmed_by}
        self._session.write(_CONFIRM, [{**row, "confirmed_at": erasure.confirmed_at}])

    async def erased(self) -> builtins.list[Entry]:
        """Everybody who was erased, and when, in the order of their IDs."""
        found: builtins.list[Entry] = []
        after = ""
        while rows := await self._session.fetch(_ERASED, {"after": after, "limit": _AT_ONCE}):
            found += [Entry(*row) for row in rows]
            after = rows[-1][0]
        return found

    async def stock(self, customer_ids: Sequence[str], records: Collection[UUID]) -> Stock:
        """What there is of these customers, whose records, or former ones, these are."""
        asked = {"customers": list(customer_ids)}
        tables: builtins.list[tuple[Table, tuple[str, ...]]] = [
            (customer_keys, ("customer_id",)),
            (identity_decisions, ("customer_id", "other_id")),
            (reviews, ("customer_id", "candidate_id")),
            (consents, ("customer_id",)),
        ]
        counts = {"customer_ids": len(customer_ids)}
        for table, columns in tables:
            ((count,),) = await self._session.fetch(_count(table, *columns), asked)
            counts[table.name] = count
        wanted = records_asked(sorted(records))
        held = await self._session.fetch(_HELD, wanted) if records else ()
        counts["source_records"] = len(held)
        counts["blocking_keys"] = sum(len(unpack(hashes)) for _, hashes in held)
        versions = await self._session.fetch(_VERSIONS, wanted) if records else ()
        counts["source_record_versions"] = len(versions)
        return Stock(counts)

    async def erase(
        self, customer_ids: Sequence[str], gone: Collection[UUID], once_theirs: Collection[UUID], at: datetime
    ) -> None:
        """Ends everything but the IDs of these customers. `gone` are their records, withdrawn ones included;
        `once_theirs` those with any that are somebody else's today, which may hold an old content of theirs.
        The unit must hold every lock; `commit` raises `Conflict` where one of them was erased before."""
        self._session.write(_MARK, [{"the_customer": c, "at": at} for c in customer_ids])
        await self._erase_records(list(gone))
        await self._erase_versions(frozenset(customer_ids), list(once_theirs))
        named = [{"erased": customer_id} for customer_id in customer_ids]
        self._session.write(_DELETE_REVIEWS, named)
        self._session.write(_SILENCE, named)
        self._keys.destroy(customer_ids)
        self._session.scrub()

    async def _erase_records(self, records: builtins.list[UUID]) -> None:
        if not records:
            return
        asked = records_asked(records)
        held = await self._session.fetch(_HELD, asked)
        keys = [{"key": hashed, "record_id": row[0]} for row in held for hashed in unpack(row[1])]
        self._session.write(DELETE_KEYS, keys)
        self._session.write(_DELETE_RECORDS, [{"record_id": row[0]} for row in held])
        for one, other in await self._session.fetch(_PAIRS, asked):
            both_ways = [(one, other), (other, one)]
            rows = [{"record_id": left, "other_record_id": right} for left, right in both_ways]
            self._session.write(_DELETE_PAIRS, rows)

    async def _erase_versions(self, customer_ids: frozenset[str], records: builtins.list[UUID]) -> None:
        """Those under their keys; and, of a time before there were such keys, whatever their records said."""
        if not records:
            return
        rows = await self._session.fetch(_VERSIONS, records_asked(records))
        self._session.write(
            _DELETE_VERSIONS,
            [
                {"record_id": record_id, "version": version}
                for record_id, version, key_id in rows
                if key_id in customer_ids or not is_well_formed(key_id)
            ],
        )


def _erasure(row: Row) -> Erasure:
    values = dict(zip(_FIELDS, row, strict=True))
    return Erasure(**{**values, "basis": Basis(values["basis"])})
