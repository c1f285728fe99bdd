"""The sealed log as it is kept: leaves in their order, and the signed heads."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.core.audit.canonical import Form
from app.core.audit.merkle import Tile

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The event's place in the tree; `hash` is the hash of its canonical bytes at the time of sealing."""

    index: int
    event_id: UUID
    hash: bytes


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as its row holds it: encrypted parts encrypted. `form` is its canonical object."""

    event_id: UUID
    form: Form = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedEvent:
    """A leaf with what its event says now; None where the event is gone."""

    leaf: Leaf
    form: Form | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint that was signed `at` this time: the tree's size and root, and the whole note."""

    size: int
    root: bytes
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Growth:
    """What one seal adds to the log."""

    leaves: tuple[Leaf, ...]
    tiles: tuple[Tile, ...]
    head: SignedHead


def first_id_at(instant: datetime) -> UUID:
    """The smallest UUIDv7 (RFC 9562, 5.7) that could have been made in the instant's millisecond."""
    return UUID(int=max(0, (instant - _EPOCH) // timedelta(milliseconds=1)) << 80)


def instant_of(identifier: UUID) -> datetime:
    """When a UUIDv7 was made, to the millisecond; the end of time for an ID that no clock could make."""
    try:
        return _EPOCH + timedelta(milliseconds=identifier.int >> 80)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
