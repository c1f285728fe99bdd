"""Inclusion and consistency proofs (RFC 6962, 2.1.1 and 2.1.2; checked as RFC 9162, 2.1.3 and 2.1.4).

What a proof consists of is said in two steps, so that a store can fetch what lies between: the ranges of
leaves whose roots it is made of, and for each range the spans of stored hashes that give this root.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.audit.merkle import TILE_HEIGHT, complete_root, joined, node_hash

Range = tuple[int, int]
"""Leaves from the first (inclusive) to the second (exclusive), as RFC 6962 writes D[a:b]."""


@dataclass(frozen=True, slots=True)
class Span:
    """`count` (2^n) neighbouring hashes: of leaves at level 0, else of tiles of that level."""

    level: int
    start: int
    count: int


def inclusion_ranges(index: int, size: int) -> tuple[Range, ...]:
    """PATH(index, D[size]). Raises `ValueError` where the tree has no such leaf."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    ranges: list[Range] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return tuple(reversed(ranges))


def consistency_ranges(old: int, new: int) -> tuple[Range, ...]:
    """PROOF(old, D[new]); empty for trees of one size. Raises `ValueError` unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError("the older tree must be the smaller one, and not empty")
    ranges: list[Range] = []
    low, high = 0, new
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    if low:
        ranges.append((low, high))
    return tuple(reversed(ranges))


def spans(range_: Range) -> tuple[Span, ...]:
    """The stored hashes that give the root of a range: its complete subtrees, the largest first."""
    low, high = range_
    found: list[Span] = []
    while low < high:
        height = (high - low).bit_length() - 1
        level, rest = divmod(height, TILE_HEIGHT)
        found.append(Span(level, low >> (level * TILE_HEIGHT), 1 << rest))
        low += 1 << height
    return tuple(found)


def peaks(range_: Range, stored: Mapping[Span, Sequence[bytes]]) -> tuple[bytes, ...]:
    """The roots of the complete subtrees of a range."""
    return tuple(complete_root(stored[span]) for span in spans(range_))


def range_root(range_: Range, stored: Mapping[Span, Sequence[bytes]]) -> bytes:
    """The root over a range."""
    return joined(peaks(range_, stored))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash stands at `index` in the tree of this size and root."""
    if not 0 <= index < size:
        return False
    node, last, hash_ = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            hash_ = node_hash(step, hash_)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, step)
        node, last = node >> 1, last >> 1
    return last == 0 and hash_ == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the older tree is the beginning of the newer one."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not steps:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
