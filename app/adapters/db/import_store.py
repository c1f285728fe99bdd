"""Import jobs and their parts, sealed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Integer, Text, bindparam, delete, exists, func, or_, select

from app.adapters.crypto.blind_index import BlindRing
from app.adapters.crypto.cipher import CannotOpen, Cipher
from app.adapters.db.import_names import ImportNames
from app.adapters.db.session import Session
from app.adapters.db.statement import Command, Row, Statement, insert_into
from app.adapters.db.tables import import_jobs, import_parts
from app.adapters.db.types import Identifier, Instant
from app.core.index.customer import LocalId
from app.services.import_job import ENDED, ImportJob, ImportStatus, PartKind
from app.services.ports import StorageUnavailable

_job = import_jobs.c
_part = import_parts.c
_id = bindparam("import_id", type_=Identifier)
_before = bindparam("before", type_=Instant)
_active = or_(_job.status == "running", _job.status == "uploading")


def _next_version(statement: Any) -> Any:
    """The change after the stored one; a job that somebody else has changed since stays as it is."""
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["import_id"],
        set_={c.name: new[c.name] for c in import_jobs.columns if c.name != "import_id"},
        where=_job.version == new.version - 1,
    )


_PUT = insert_into(import_jobs, _next_version, exact=True)
_ADD_PARTS = insert_into(import_parts)
_GET = Statement(select(*import_jobs.columns).where(_job.import_id == _id))
_WAITING = Statement(
    select(*import_jobs.columns)
    .where(or_(_job.status == "queued", _active & (_job.lease_until < _before)))
    .order_by(_job.import_id)
    .limit(1)
)
_PART = Statement(
    select(_part.sealed, _part.data_key_id).where(
        _part.import_id == _id,
        _part.kind == bindparam("kind", type_=Text),
        _part.part == bindparam("part", type_=Integer),
    )
)
_DROP_PARTS = Command(
    Statement(delete(import_parts).where(_part.import_id == _id, _part.kind == bindparam("kind", type_=Text)))
)
_ended = or_(*(_job.status == status.value for status in sorted(ENDED)))
_UNDER_WAY = Statement(
    select(func.count())
    .select_from(import_jobs)
    .where(_job.client_id == bindparam("client_id", type_=Text), ~_ended)
)
_ENDED_BEFORE = Statement(
    select(_job.import_id)
    .where(_ended, _job.updated_at < _before, exists().where(_part.import_id == _job.import_id))
    .order_by(_job.import_id)
)
_DROP_RESULTS = Command(
    Statement(
        delete(import_parts).where(
            _part.import_id == _id, _part.kind == "results", _part.part == bindparam("part", type_=Integer)
        )
    )
)


class SqlImportStore:
    """Implements the port `ImportStore`."""

    __slots__ = ("_cipher", "_names", "_session")

    def __init__(self, session: Session, cipher: Cipher, ring: BlindRing) -> None:
        self._session = session
        self._cipher = cipher
        self._names = ImportNames(session, ring)

    async def get(self, import_id: UUID) -> ImportJob | None:
        """A job by its ID."""
        rows = await self._session.fetch(_GET, {"import_id": import_id})
        return _job_of(rows[0]) if rows else None

    async def waiting(self, now: datetime) -> ImportJob | None:
        """The oldest job that nobody works on: queued, or its lease is over."""
        rows = await self._session.fetch(_WAITING, {"before": now})
        return _job_of(rows[0]) if rows else None

    def put(self, job: ImportJob) -> None:
        """A new job, or the next version of one; `commit` raises `Conflict` where it is not the next."""
        row = {c.name: getattr(job, c.name) for c in import_jobs.columns}
        self._session.write(_PUT, [{**row, "status": job.status.value, "outcomes": dict(job.outcomes)}])

    def add_part(self, import_id: UUID, kind: PartKind, part: int, content: Sequence[Any]) -> None:
        """Some rows or results; `commit` raises `Conflict` where the part is there."""
        sealed = self._cipher.seal(orjson.dumps(content), belongs_to_part(import_id, kind, part))
        row = {"import_id": import_id, "kind": kind.value, "part": part, "sealed": sealed}
        self._session.write(_ADD_PARTS, [{**row, "data_key_id": self._cipher.active_id}])
        if kind is PartKind.RESULTS:
            self._names.add(import_id, part, content)

    async def part(self, import_id: UUID, kind: PartKind, part: int) -> list[Any] | None:
        """A part's content, or None where there is none."""
        asked = {"import_id": import_id, "kind": kind.value, "part": part}
        rows = await self._session.fetch(_PART, asked)
        return self._open(rows[0][0], rows[0][1], belongs_to_part(import_id, kind, part)) if rows else None

    def _open(self, sealed: bytes, key_id: str, belongs_to: bytes) -> list[Any]:
        try:
            content: list[Any] = orjson.loads(self._cipher.open(sealed, key_id, belongs_to))
        except CannotOpen as error:
            raise StorageUnavailable(f"a part of an import cannot be read: {error}") from None
        return content

    def drop_parts(self, import_id: UUID, kind: PartKind) -> None:
        """Deletes all parts of a kind."""
        self._session.write(_DROP_PARTS, [{"import_id": import_id, "kind": kind.value}])
        if kind is PartKind.RESULTS:
            self._names.drop_all(import_id)

    async def under_way(self, client_id: str) -> int:
        """How many of a client's jobs have not ended."""
        ((count,),) = await self._session.fetch(_UNDER_WAY, {"client_id": client_id})
        return int(count)

    async def ended_before(self, at: datetime) -> list[UUID]:
        """The jobs that ended before then and of which more is left than the jobs themselves."""
        return [row[0] for row in await self._session.fetch(_ENDED_BEFORE, {"before": at})]

    async def forget(self, customer_ids: Collection[str], locals_: Collection[LocalId]) -> None:
        """Takes what names one of the customers or records out of all results; its lines stay, as `erased`.

        Which rows name whom is sealed: only the parts are opened whose names say so.
        """
        names = {(local.source_system, local.local_id) for local in locals_}
        for import_id, part in await self._names.parts_with(customer_ids, locals_):
            found = await self.part(import_id, PartKind.RESULTS, part) or []
            left = [_without(row, customer_ids, names) for row in found]
            if left != found:
                self._session.write(_DROP_RESULTS, [{"import_id": import_id, "part": part}])
                self._names.drop(import_id, part)
                self.add_part(import_id, PartKind.RESULTS, part, left)


def _without(
    row: dict[str, Any], customer_ids: Collection[str], names: Collection[tuple[str, str]]
) -> dict[str, Any]:
    theirs = (
        row.get("customer_id") in customer_ids or (row.get("source_system"), row.get("local_id")) in names
    )
    return {"line": row["line"], "outcome": "erased"} if theirs else row


def belongs_to_part(import_id: UUID, kind: str, part: int) -> bytes:
    """What a part's content is bound to."""
    return b"%b%b:%d" % (import_id.bytes, kind.encode(), part)


def _job_of(row: Row) -> ImportJob:
    facts = dict(zip((c.name for c in import_jobs.columns), row, strict=True))
    return ImportJob(**{**facts, "status": ImportStatus(facts["status"])})
