"""What imports need from the database, as a protocol."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from app.core.index.customer import LocalId
from app.services.import_job import ImportJob, PartKind


class ImportStore(Protocol):
    """Import jobs, and the sealed parts of what was uploaded and what became of it."""

    async def get(self, import_id: UUID) -> ImportJob | None:
        """A job by its ID."""
        ...

    async def waiting(self, now: datetime) -> ImportJob | None:
        """The oldest job that nobody works on: queued, or its lease is over."""
        ...

    async def under_way(self, client_id: str) -> int:
        """How many of a client's jobs have not ended."""
        ...

    def put(self, job: ImportJob) -> None:
        """A new job, or the next version of one; `commit` raises `Conflict` where it is not the next."""
        ...

    def add_part(self, import_id: UUID, kind: PartKind, part: int, content: Sequence[Any]) -> None:
        """Some rows or results; `commit` raises `Conflict` where the part is there."""
        ...

    async def part(self, import_id: UUID, kind: PartKind, part: int) -> list[Any] | None:
        """A part's content, or None where there is none."""
        ...

    def drop_parts(self, import_id: UUID, kind: PartKind) -> None:
        """Deletes all parts of a kind."""
        ...

    async def ended_before(self, at: datetime) -> list[UUID]:
        """The jobs that ended before then and of which more is left than the jobs themselves."""
        ...

    async def forget(self, customer_ids: Collection[str], locals_: Collection[LocalId]) -> None:
        """Takes what names one of the customers or records out of all results; its lines stay, as `erased`.
        Which rows name whom is sealed: only the parts are opened whose names say so."""
        ...
