"""Consent directives and their withdrawals: append and read. The database itself refuses everything else."""

import builtins
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Integer, Text, bindparam, or_, select

from app.adapters.crypto.cipher import CannotOpen
from app.adapters.db.consent_tables import consent_withdrawals, consents
from app.adapters.db.customer_keys import CustomerKeys
from app.adapters.db.session import Session
from app.adapters.db.statement import Row, Statement, insert_into
from app.adapters.db.tables import customers
from app.adapters.db.types import Identifier
from app.core.access.consent import Directive, GivenBy, Stance
from app.core.access.consent_record import ConsentRecord, Proof, Withdrawal
from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.scope import Domain, Purpose
from app.services.ports import StorageUnavailable

_ADD = insert_into(consents)
_WITHDRAW = insert_into(consent_withdrawals)
_given = consents.c
_ended = consent_withdrawals.c
_WORDS = {
    "domains": Domain,
    "purposes": Purpose,
    "partners": str,
    "kinds": RecordKind,
    "sensitive": Sensitivity,
}
_CLEAR = (
    "consent_id",
    "customer_id",
    "stance",
    "given_by",
    *_WORDS,
    "valid_from",
    "valid_until",
    "recorded_at",
)
_DIRECTIVE = (*(_given[name] for name in _CLEAR), _ended.at)
_RECORD = (
    *_DIRECTIVE,
    *(_given[name] for name in ("recorded_by", "actor", "copied_from", "sealed", "data_key_id")),
    *(_ended[name] for name in ("by", "actor", "sealed", "data_key_id")),
)
_BOTH = consents.outerjoin(consent_withdrawals)
_family = or_(
    _given.customer_id == bindparam("customer_id", type_=Text),
    _given.customer_id.in_(
        select(customers.c.customer_id).where(customers.c.survivor_id == bindparam("customer_id", type_=Text))
    ),
)
_OF = Statement(select(*_DIRECTIVE).select_from(_BOTH).where(_family).order_by(_given.consent_id))
_PAGE = Statement(
    select(*_RECORD)
    .select_from(_BOTH)
    .where(_family, _given.consent_id < bindparam("before", type_=Identifier))
    .order_by(_given.consent_id.desc())
    .limit(bindparam("limit", type_=Integer))
)
_GET = Statement(
    select(*_RECORD).select_from(_BOTH).where(_given.consent_id == bindparam("consent_id", type_=Identifier))
)
_LAST = UUID(int=2**128 - 1)


class SqlConsentStore:
    """Implements the port `ConsentStore`. A proof is sealed for its consent, under the customer's key."""

    __slots__ = ("_given", "_keys", "_session", "_withdrawn")

    def __init__(self, session: Session, keys: CustomerKeys) -> None:
        self._session = session
        self._keys = keys
        self._given: builtins.list[ConsentRecord] = []
        self._withdrawn: builtins.list[tuple[Withdrawal, str]] = []

    async def of(self, customer_id: str) -> tuple[Directive, ...]:
        """Every directive of a customer and of those who were merged into them, withdrawn or not."""
        rows = await self._session.fetch(_OF, {"customer_id": customer_id})
        return tuple(_directive(row) for row in rows)

    async def list(self, customer_id: str, before: UUID | None, limit: int) -> builtins.list[ConsentRecord]:
        """The same, newest first, beginning behind `before`, with proof and withdrawal."""
        asked = {"customer_id": customer_id, "before": before or _LAST, "limit": limit}
        return await self._records(await self._session.fetch(_PAGE, asked))

    async def get(self, consent_id: UUID) -> ConsentRecord | None:
        """One directive with its proof and withdrawal."""
        records = await self._records(await self._session.fetch(_GET, {"consent_id": consent_id}))
        return records[0] if records else None

    def add(self, given: Sequence[ConsentRecord]) -> None:
        """New directives, with their withdrawals where they have any."""
        self._given += given
        for record in given:
            if record.withdrawal is not None:
                self.withdraw(record.withdrawal, record.directive.customer_id)

    def withdraw(self, withdrawal: Withdrawal, customer_id: str) -> None:
        """Ends a directive of the customer; `commit` raises `Conflict` where it was ended before."""
        self._withdrawn.append((withdrawal, customer_id))

    async def settle(self) -> None:
        """Before the commit: proofs and reasons are sealed."""
        given, self._given = self._given, []
        withdrawn, self._withdrawn = self._withdrawn, []
        await self._keys.ready(
            [*(record.directive.customer_id for record in given), *(customer for _, customer in withdrawn)]
        )
        if given:
            self._session.write(_ADD, [self._row(record) for record in given])
        if withdrawn:
            self._session.write(_WITHDRAW, [self._withdrawal_row(*each) for each in withdrawn])

    def _row(self, record: ConsentRecord) -> dict[str, Any]:
        directive, proof = record.directive, record.proof or Proof()
        content = orjson.dumps({"text": proof.text, "sha256": proof.sha256})
        return {
            **{name: getattr(directive, name) for name in _CLEAR},
            **{name: sorted(getattr(directive, name)) for name in _WORDS},
            "recorded_by": record.recorded_by,
            "actor": record.actor,
            "copied_from": record.copied_from,
            "sealed": self._keys.seal(content, directive.customer_id, directive.consent_id.bytes),
            "data_key_id": directive.customer_id,
        }

    def _withdrawal_row(self, withdrawal: Withdrawal, customer_id: str) -> dict[str, Any]:
        # Bound to another name than the proof of the same consent, so that neither can stand for the other.
        content = (withdrawal.reason or "").encode()
        return {
            "consent_id": withdrawal.consent_id,
            "at": withdrawal.at,
            "by": withdrawal.by,
            "actor": withdrawal.actor,
            "sealed": self._keys.seal(content, customer_id, _end_of(withdrawal.consent_id)),
            "data_key_id": customer_id,
        }

    async def _records(self, rows: Sequence[Row]) -> builtins.list[ConsentRecord]:
        await self._keys.fetch(row[-5] for row in rows)
        try:
            return [self._record(row) for row in rows]
        except CannotOpen as error:
            raise StorageUnavailable(f"a proof cannot be read: {error}") from None

    def _record(self, row: Row) -> ConsentRecord:
        directive = _directive(row)
        recorded_by, actor, copied_from, sealed, key_id, by, end_actor, end_sealed, end_key = row[-9:]
        proof, withdrawal = None, None
        if not self._keys.is_erased(key_id):
            proof = Proof(**orjson.loads(self._keys.open(sealed, key_id, directive.consent_id.bytes)))
        if directive.withdrawn_at is not None:
            reason = None
            if not self._keys.is_erased(end_key):
                reason = self._keys.open(end_sealed, end_key, _end_of(directive.consent_id)).decode() or None
            withdrawal = Withdrawal(directive.consent_id, directive.withdrawn_at, by, end_actor, reason)
        return ConsentRecord(directive, proof, recorded_by, actor, copied_from, withdrawal)


def _end_of(consent_id: UUID) -> bytes:
    return b"withdrawal" + consent_id.bytes


def _directive(row: Row) -> Directive:
    values = dict(zip(_CLEAR, row[: len(_CLEAR)], strict=True))
    words = {name: frozenset(map(kind, values[name])) for name, kind in _WORDS.items()}
    known = {"stance": Stance(values["stance"]), "given_by": GivenBy(values["given_by"])}
    return Directive(**{**values, **words, **known}, withdrawn_at=row[len(_CLEAR)])
