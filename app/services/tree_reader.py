"""Reads the roots of ranges of the log from what is stored."""

from collections.abc import Sequence

from app.core.audit.merkle import Edge
from app.core.audit.proofs import Range, Span, peaks, range_root, spans
from app.services.log_ports import SealStore


class LogDamaged(Exception):  # noqa: N818 - a state, named as the operator sees it
    """The stored tree is not what was signed. Says which part, and no value of an event."""


async def roots(seals: SealStore, ranges: Sequence[Range]) -> list[bytes]:
    """The root over each range. Raises `LogDamaged` where leaves or tiles are missing."""
    return [range_root(range_, await _stored(seals, range_)) for range_ in ranges]


async def edge_of(seals: SealStore, size: int) -> Edge:
    """The right edge of the tree of the first `size` leaves. Raises `LogDamaged`."""
    return Edge(size, peaks((0, size), await _stored(seals, (0, size))))


async def _stored(seals: SealStore, range_: Range) -> dict[Span, list[bytes]]:
    found = {span: await seals.hashes(span) for span in spans(range_)}
    if any(len(hashes) != span.count for span, hashes in found.items()):
        raise LogDamaged(f"leaves or tiles of the log are missing between {range_[0]} and {range_[1]}")
    return found
