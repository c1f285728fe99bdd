"""Customers and who they were merged into: the ledger's fold, as it stands."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Text, bindparam, or_, select, update

from app.adapters.db.id_lists import among_texts
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement
from app.adapters.db.tables import customers, source_records
from app.adapters.db.types import Instant
from app.core.index.customer import Customer, SourceRecord

PAGE = 5000

CUSTOMER_COLUMNS = (
    customers.c.customer_id,
    customers.c.merged_into,
    customers.c.merge_id,
    customers.c.survivor_id,
    customers.c.tokens_not_before,
    customers.c.erased_at,
)
_GET = Statement(
    **{
        on: select(*CUSTOMER_COLUMNS).where(c)
        for on, c in among_texts(customers.c.customer_id, "asked").items()
    }
)
_RETIRED_INTO = Statement(
    select(*CUSTOMER_COLUMNS).where(customers.c.survivor_id == bindparam("survivor_id"))
)
_PUT = Command(
    Statement(
        update(customers)
        .where(customers.c.customer_id == bindparam("the_customer"))
        .values(
            {
                name: bindparam(name, type_=customers.c[name].type)
                for name in ("merged_into", "merge_id", "survivor_id")
            }
        )
    ),
    exact=True,
)
_END_TOKENS = Command(
    Statement(
        update(customers)
        .where(
            customers.c.customer_id == bindparam("the_customer"),
            or_(
                customers.c.tokens_not_before.is_(None),
                customers.c.tokens_not_before < bindparam("at", type_=Instant),
            ),
        )
        .values({"tokens_not_before": bindparam("at", type_=Instant)})
    )
)
_MOVE = Command(
    Statement(
        update(source_records)
        .where(source_records.c.record_id == bindparam("the_record"))
        .values({name: bindparam(name, type_=Text) for name in ("customer_id", "home_id")})
    ),
    exact=True,
)
_AFTER = Statement(
    select(*CUSTOMER_COLUMNS)
    .where(customers.c.customer_id > bindparam("after", type_=Text), customers.c.merged_into.is_not(None))
    .order_by(customers.c.customer_id)
    .limit(bindparam("limit", type_=Integer))
)
_homes = source_records.c
_HOMES = Statement(
    select(_homes.source_system, _homes.local_id, _homes.record_id, _homes.customer_id, _homes.home_id)
    .where(
        or_(
            _homes.source_system > bindparam("system", type_=Text),
            (_homes.source_system == bindparam("system", type_=Text))
            & (_homes.local_id > bindparam("local", type_=Text)),
        )
    )
    .order_by(_homes.source_system, _homes.local_id)
    .limit(bindparam("limit", type_=Integer))
)


class SqlCustomerStore:
    """Implements the port `CustomerStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, customer_ids: Sequence[str]) -> dict[str, Customer]:
        """These customers, as far as there are any, by ID."""
        asked = list(dict.fromkeys(customer_ids))
        rows = await self._session.fetch(_GET, {"asked": asked}) if asked else ()
        return {row[0]: customer_of(row) for row in rows}

    async def retired_into(self, survivor_id: str) -> list[Customer]:
        """Everybody who is found under this customer's ID today."""
        rows = await self._session.fetch(_RETIRED_INTO, {"survivor_id": survivor_id})
        return [customer_of(row) for row in rows]

    async def retired(self) -> AsyncIterator[Customer]:
        """Everybody who is found under another ID, page by page."""
        after = ""
        while rows := await self._session.fetch(_AFTER, {"after": after, "limit": PAGE}):
            for row in rows:
                yield customer_of(row)
            after = rows[-1][0]

    async def homes(self) -> AsyncIterator[tuple[UUID, str, str]]:
        """Every record with its customer and its home, page by page."""
        system, local = "", ""
        while rows := await self._session.fetch(_HOMES, {"system": system, "local": local, "limit": PAGE}):
            for _, _, record_id, customer_id, home_id in rows:
                yield record_id, customer_id, home_id or customer_id
            system, local = rows[-1][0], rows[-1][1]

    def put(self, changed: Sequence[Customer]) -> None:
        """Where these customers are found from now on."""
        self._session.write(
            _PUT,
            [
                {
                    "the_customer": customer.customer_id,
                    "merged_into": customer.merged_into,
                    "merge_id": customer.merge_id,
                    "survivor_id": customer.survivor_id,
                }
                for customer in changed
            ],
        )

    def move(self, records: Sequence[SourceRecord]) -> None:
        """Records with another customer or home, their content unchanged."""
        self._session.write(
            _MOVE,
            [
                {"the_record": r.record_id, "customer_id": r.customer_id, "home_id": r.home_id}
                for r in records
            ],
        )

    def end_tokens(self, customer_ids: Sequence[str], at: datetime) -> None:
        """No token bound to these customers that was issued until then is good any more."""
        self._session.write(_END_TOKENS, [{"the_customer": c, "at": at} for c in customer_ids])


def customer_of(row: Row) -> Customer:
    """The customer of `CUSTOMER_COLUMNS`."""
    return Customer(*row)
