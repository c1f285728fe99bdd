"""The ledger of identity decisions: append and read. The database itself refuses everything else."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam, select

from app.adapters.crypto.cipher import CannotOpen, Cipher
from app.adapters.db.id_lists import among_records, among_texts, records_asked
from app.adapters.db.session import Session
from app.adapters.db.statement import Row, Statement, insert_into
from app.adapters.db.tables import identity_decisions
from app.core.index.ledger import Act, Decision
from app.services.ports import StorageUnavailable

PAGE = 5000

_table = identity_decisions.c
_SUBJECTS = ("customer_id", "other_id", "record_id", "other_record_id", "undoes")
_CLEAR = ("decision_id", "at", "act", "by", "why", *_SUBJECTS, "actor", "model")
_COLUMNS = (_table.position, _table.evidence, _table.data_key_id, *(_table[name] for name in _CLEAR))
_ADD = insert_into(identity_decisions, without={"position"})
_PAGE = Statement(
    select(*_COLUMNS)
    .where(_table.position > bindparam("after", type_=BigInteger))
    .order_by(_table.position)
    .limit(bindparam("limit", type_=Integer))
)
_GET = Statement(select(*_COLUMNS).where(_table.decision_id == bindparam("decision_id")))


def _where(conditions: dict[str, ColumnElement[bool]]) -> Statement:
    forms: dict[str, Select[Any]] = {on: select(*_COLUMNS).where(c) for on, c in conditions.items()}
    return Statement(**forms)


_OF_CUSTOMERS = _where(among_texts(_table.customer_id, "customer_ids"))
_OF_OTHERS = _where(among_texts(_table.other_id, "customer_ids"))
_OF_RECORDS = _where(among_records(_table.record_id))


class SqlLedgerStore:
    """Implements the port `LedgerStore`. Evidence is sealed for its decision."""

    __slots__ = ("_cipher", "_session")

    def __init__(self, session: Session, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    def append(self, decisions: Sequence[Decision]) -> None:
        """Adds decisions, with what the unit of work writes besides or not at all."""
        self._session.write(_ADD, [self._row(decision) for decision in decisions])

    async def get(self, decision_id: UUID) -> Decision | None:
        """One decision."""
        rows = await self._session.fetch(_GET, {"decision_id": decision_id})
        return self._decision(rows[0]) if rows else None

    async def about(self, customer_ids: Sequence[str], record_ids: Sequence[UUID]) -> dict[int, Decision]:
        """The decisions that name one of these, by position."""
        rows: list[Row] = []
        if customer_ids:
            asked = {"customer_ids": list(customer_ids)}
            rows += await self._session.fetch(_OF_CUSTOMERS, asked)
            rows += await self._session.fetch(_OF_OTHERS, asked)
        if record_ids:
            rows += await self._session.fetch(_OF_RECORDS, records_asked(record_ids))
        return {row[0]: self._decision(row) for row in rows}

    async def all(self) -> AsyncIterator[Decision]:
        """The whole ledger in its order, page by page."""
        after = 0
        while True:
            rows = await self._session.fetch(_PAGE, {"after": after, "limit": PAGE})
            for row in rows:
                yield self._decision(row)
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def _row(self, decision: Decision) -> dict[str, Any]:
        row = {name: getattr(decision, name) for name in _CLEAR}
        sealed = None
        if decision.evidence:
            content = orjson.dumps(decision.evidence)
            sealed = self._cipher.seal(content, decision.decision_id.bytes)
        return {**row, "evidence": sealed, "data_key_id": self._cipher.active_id if sealed else None}

    def _decision(self, row: Row) -> Decision:
        _, sealed, key_id, *clear = row
        values = dict(zip(_CLEAR, clear, strict=True))
        evidence = None
        if sealed is not None:
            try:
                evidence = orjson.loads(self._cipher.open(sealed, key_id, values["decision_id"].bytes))
            except CannotOpen as error:
                raise StorageUnavailable(f"evidence cannot be read: {error}") from None
        return Decision(**{**values, "act": Act(values["act"]), "evidence": evidence})
