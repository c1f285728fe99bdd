"""An uploaded file on its way into the index."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ImportStatus(StrEnum):
    """Where a job stands."""

    UPLOADING = "uploading"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDED = frozenset({ImportStatus.COMPLETED, ImportStatus.CANCELLED, ImportStatus.FAILED})


class PartKind(StrEnum):
    """What a part holds: uploaded rows, or what became of them."""

    ROWS = "rows"
    RESULTS = "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """`parts` and `rows` were uploaded, of which `parts_done` and `rows_done` are registered or rejected.

    While it runs, its runner holds a lease; who finds the lease over may go on with it. `version` counts its
    changes: a change that another one overtook is a `Conflict`.
    """

    import_id: UUID
    client_id: str
    status: ImportStatus
    source_system: str | None
    created_at: datetime
    updated_at: datetime
    parts: int = 0
    parts_done: int = 0
    rows: int = 0
    rows_done: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None
    lease_until: datetime | None = None
    version: int = 1
