"""The ledger of identity decisions: append and read. The database itself refuses everything else."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam, select

from app.adapters.crypto.cipher import CannotOpen
from app.adapters.db.customer_keys import CustomerKeys
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
    """Implements the port `LedgerStore`. Evidence is sealed for its decision, under the key of every customer
    whom the decision names: the erasure of one is enough to make it unreadable."""

    __slots__ = ("_appended", "_keys", "_session")

    def __init__(self, session: Session, keys: CustomerKeys) -> None:
        self._session = session
        self._keys = keys
        self._appended: list[Decision] = []

    def append(self, decisions: Sequence[Decision]) -> None:
        """Adds decisions, with what the unit of work writes besides or not at all."""
        self._appended += decisions
        self._session.write(_ADD, ())  # their place in the order of writes

    async def get(self, decision_id: UUID) -> Decision | None:
        """One decision."""
        rows = await self._session.fetch(_GET, {"decision_id": decision_id})
        return (await self._decisions(rows))[rows[0][0]] if rows else None

    async def about(self, customer_ids: Sequence[str], record_ids: Sequence[UUID]) -> dict[int, Decision]:
        """The decisions that name one of these, by position."""
        rows: list[Row] = []
        if customer_ids:
            asked = {"customer_ids": list(customer_ids)}
            rows += await self._session.fetch(_OF_CUSTOMERS, asked)
            rows += await self._session.fetch(_OF_OTHERS, asked)
        if record_ids:
            rows += await self._session.fetch(_OF_RECORDS, records_asked(record_ids))
        return await self._decisions(rows)

    async def all(self) -> AsyncIterator[Decision]:
        """The whole ledger in its order, page by page, without its evidence."""
        after = 0
        while True:
            rows = await self._session.fetch(_PAGE, {"after": after, "limit": PAGE})
            for row in rows:
                yield _decision(row, None)
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    async def settle(self) -> None:
        """Before the commit: evidence is sealed."""
        appended, self._appended = self._appended, []
        if not appended:
            return
        await self._keys.ready(owner for d in appended if d.evidence for owner in _owners(d))
        self._session.write(_ADD, [self._row(decision) for decision in appended])

    def _row(self, decision: Decision) -> dict[str, Any]:
        row = {name: getattr(decision, name) for name in _CLEAR}
        if not decision.evidence:
            return {**row, "evidence": None, "data_key_id": None}
        owners, sealed = _owners(decision), orjson.dumps(decision.evidence)
        for owner in owners:
            sealed = self._keys.seal(sealed, owner, decision.decision_id.bytes)
        return {**row, "evidence": sealed, "data_key_id": " ".join(owners)}

    async def _decisions(self, rows: Sequence[Row]) -> dict[int, Decision]:
        sealed_under = [row[2].split() for row in rows if row[1] is not None]
        await self._keys.fetch(owner for owners in sealed_under for owner in owners)
        return {row[0]: _decision(row, self._evidence(row)) for row in rows}

    def _evidence(self, row: Row) -> Mapping[str, object] | None:
        """None, too, where a customer whom it was about was erased."""
        _, sealed, key_ids, decision_id, *_ = row
        if sealed is None or any(map(self._keys.is_erased, key_ids.split())):
            return None
        try:
            for key_id in reversed(key_ids.split()):
                sealed = self._keys.open(sealed, key_id, decision_id.bytes)
        except CannotOpen as error:
            raise StorageUnavailable(f"evidence cannot be read: {error}") from None
        evidence: Mapping[str, object] = orjson.loads(sealed)
        return evidence


def _owners(decision: Decision) -> tuple[str, ...]:
    """Whom the decision names."""
    named = (decision.customer_id, decision.other_id, *decision.also_about)
    return tuple(dict.fromkeys(customer_id for customer_id in named if customer_id is not None))


def _decision(row: Row, evidence: Mapping[str, object] | None) -> Decision:
    _, _, _, *clear = row
    values = dict(zip(_CLEAR, clear, strict=True))
    return Decision(**{**values, "act": Act(values["act"]), "evidence": evidence})
