"""The cross-index read in pages and counted, beside what registration needs of it."""

from collections.abc import Sequence

from sqlalchemy import Text, bindparam, func, select, tuple_

from app.adapters.db.session import Session
from app.adapters.db.statement import Statement
from app.adapters.db.tables import source_records
from app.core.index.customer import CrossReference, LocalId

PAGE = 1000

_key = (source_records.c.source_system, source_records.c.local_id)
_after = tuple_(bindparam("after_system", type_=Text), bindparam("after_local", type_=Text))
_of_system = source_records.c.source_system == bindparam("source_system")
_page = select(*_key, source_records.c.customer_id).where(tuple_(*_key) > _after).order_by(*_key).limit(PAGE)

_ALL = Statement(_page)
_OF_SYSTEM = Statement(_page.where(_of_system))
_COUNTS = Statement(
    select(func.count(), func.count(source_records.c.customer_id.distinct()))
    .select_from(source_records)
    .where(_of_system)
)
_NEXT_SYSTEM = Statement(
    select(source_records.c.source_system)
    .where(source_records.c.source_system > bindparam("after", type_=Text))
    .order_by(source_records.c.source_system)
    .limit(1)
)


class SqlCrossIndex:
    """Implements the port `CrossIndex`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def page(self, source_system: str | None, after: LocalId) -> list[CrossReference]:
        """Up to `PAGE` cross-references behind this one, in order; none is the end."""
        asked = {"after_system": after.source_system, "after_local": after.local_id}
        if source_system is None:
            rows = await self._session.fetch(_ALL, asked)
        else:
            rows = await self._session.fetch(_OF_SYSTEM, {**asked, "source_system": source_system})
        return [CrossReference(LocalId(system, local_id), customer) for system, local_id, customer in rows]

    async def counts(self, source_system: str) -> tuple[int, int]:
        """How many records a source system has, and of how many customers they are."""
        (row,) = await self._session.fetch(_COUNTS, {"source_system": source_system})
        return row[0], row[1]

    async def systems(self) -> Sequence[str]:
        """Every source system with a record, in order: one look-up each, never a scan."""
        found: list[str] = []
        while rows := await self._session.fetch(_NEXT_SYSTEM, {"after": found[-1] if found else ""}):
            found.append(rows[0][0])
        return found
