"""What followers of the index are told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.core.index.customer import LocalId


class ChangeKind(StrEnum):
    """What happened to a customer."""

    CREATED = "created"
    LINKED = "linked"
    UNLINKED = "unlinked"
    MERGED = "merged"
    SPLIT = "split"
    GOLDEN_RECORD_CHANGED = "golden_record_changed"
    DECEASED = "deceased"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the change feed. Holds IDs alone.

    `other_id`: of a merge the customer that was retired, of a split the one that came out of it, or came back
    to life. `homes`: of a split, every customer ID that is now known as `other_id`, of an erasure each one
    that was erased; who keeps something under the ID it first came under finds by them what goes along.
    `local`: the record that was linked or unlinked.
    """

    change_id: UUID
    at: datetime
    kind: ChangeKind
    customer_id: str
    other_id: str | None = None
    homes: tuple[str, ...] = ()
    local: LocalId | None = None
