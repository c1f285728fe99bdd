"""Taking records in from the systems of a domain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.health_data_center.access_log import AccessEvent, Kind, Result, append
from app.health_data_center.domains import Domain
from app.health_data_center.field_errors import FieldError
from app.health_data_center.problems import conflict, insufficient_scope
from app.health_data_center.record_store import Outcome, RecordStore, Written
from app.health_data_center.records.record import Record
from app.health_data_center.services.gate import Caller, Gate


@dataclass(frozen=True, slots=True)
class WriteRecords:
    """All of the given records or none, each in a domain that the client may write."""

    gate: Gate
    store: RecordStore

    async def __call__(self, caller: Caller, given: Sequence[Record]) -> list[Written]:
        """What became of each, in the order given. Posting the same again changes nothing.

        Raises `Problem` (scope, conflict), `StorageUnavailable` and `Unreadable`.
        """
        await self._check_domains(caller, given)
        written = await self._write(caller, given)
        faults = [index for index, w in enumerate(written) if w.outcome is Outcome.CONFLICT]
        if faults:
            raise conflict([_taken(index) for index in faults])
        return written

    async def _check_domains(self, caller: Caller, given: Sequence[Record]) -> None:
        for domain in sorted({record.domain for record in given}):
            scope = Domain(domain).scope
            if scope not in caller.claims.scopes:
                await self.gate.refuse(caller, Kind.RECORDS_WRITE, ("insufficient_scope",))
                raise insufficient_scope(scope)

    async def _write(self, caller: Caller, given: Sequence[Record]) -> list[Written]:
        now = self.gate.now()
        async with self.gate.database.transaction() as connection:
            written = await self.store.put(connection, given, caller.claims.client_id, now)
            refused = any(w.outcome is Outcome.CONFLICT for w in written)
            line = caller.event(Kind.RECORDS_WRITE, Result.DENY if refused else Result.PERMIT, now)
            line = replace(line, reasons=("conflict",) if refused else ())
            await append(connection, _per_customer(line, written))
        return written


def _per_customer(line: AccessEvent, written: Sequence[Written]) -> list[AccessEvent]:
    """One line a customer, so that whoever asks about one customer finds every touch: a record that
    moved was taken from one and given to another."""
    touched: dict[str, list[Record]] = {}
    for w in written:
        touched.setdefault(w.record.customer_id, []).append(w.record)
        if line.outcome is Result.PERMIT and w.moved_from not in (None, w.record.customer_id):
            touched.setdefault(w.moved_from, []).append(w.record)
    return [
        AccessEvent(
            at=line.at,
            kind=line.kind,
            outcome=line.outcome,
            reasons=line.reasons,
            client_id=line.client_id,
            token_id=line.token_id,
            source=line.source,
            request_id=line.request_id,
            customer_id=customer_id,
            domains=tuple(sorted({record.domain for record in theirs})),
            records=len(theirs),
        )
        for customer_id, theirs in touched.items()
    ]


def _taken(index: int) -> FieldError:
    expected = "of a source system of this client's; a record that does not exist, or is of the same kind"
    return FieldError(f"items[{index}].source_id", "conflict", expected)
