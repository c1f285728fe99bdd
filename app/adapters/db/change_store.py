"""The change feed's outbox."""

import builtins
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, func, select, update

from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import changes
from app.core.index.change import Change, ChangeKind
from app.core.index.customer import LocalId

_AT_ONCE = 5000

_ADD = insert_into(changes, without={"row_number", "position"})
_WAITING = Statement(select(changes.c.row_number).where(changes.c.position.is_(None)).limit(1))
_table = changes.c
_COLUMNS = [
    _table[name] for name in ("position", "change_id", "at", "kind", "customer_id", "other_id", "homes")
]
_COLUMNS += [_table.source_system, _table.local_id]
_LIST = Statement(
    select(*_COLUMNS)
    .where(_table.position > bindparam("after", type_=BigInteger))
    .order_by(_table.position)
    .limit(bindparam("limit", type_=Integer))
)


def _place() -> Any:
    """Numbers what is committed and has no position, in the order of insertion."""
    waiting = changes.alias("waiting")
    last = select(func.coalesce(func.max(_table.position), 0)).scalar_subquery()
    place = func.row_number().over(order_by=waiting.c.row_number)
    query = select(waiting.c.row_number, (last + place).label("place")).where(waiting.c.position.is_(None))
    placed = query.order_by(waiting.c.row_number).limit(_AT_ONCE).subquery("placed")
    return (
        update(changes).where(_table.row_number == placed.c.row_number).values({"position": placed.c.place})
    )


_PLACE = Command(Statement(_place()))


class SqlChangeStore:
    """Implements the port `ChangeStore`."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, happened: Sequence[Change]) -> None:
        """Tells followers, if the unit of work commits."""
        self._session.write(_ADD, [_row(change) for change in happened])

    async def any_waiting(self) -> bool:
        """Whether there are changes that no follower can see yet."""
        return bool(await self._session.fetch(_WAITING, {}))

    def place(self) -> None:
        """Gives positions to what is waiting. Whoever does so must be alone at it."""
        self._session.write(_PLACE, [{}])

    async def list(self, after: int, limit: int) -> builtins.list[tuple[int, Change]]:
        """Changes behind the position `after`, in order, each with its position."""
        rows = await self._session.fetch(_LIST, {"after": after, "limit": limit})
        return [(row[0], _change(row)) for row in rows]


def _row(change: Change) -> dict[str, Any]:
    local = change.local
    return {
        "change_id": change.change_id,
        "at": change.at,
        "kind": change.kind,
        "customer_id": change.customer_id,
        "other_id": change.other_id,
        "homes": change.homes,
        "source_system": local.source_system if local else None,
        "local_id": local.local_id if local else None,
    }


def _change(row: Row) -> Change:
    _, change_id, at, kind, customer_id, other_id, homes, system, local_id = row
    return Change(
        change_id=change_id,
        at=at,
        kind=ChangeKind(kind),
        customer_id=customer_id,
        other_id=other_id,
        homes=homes,
        local=LocalId(system, local_id) if system is not None else None,
    )
