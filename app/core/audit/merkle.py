"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, and growth along the right edge.

A hash is 32 bytes of SHA-256. Leaves and nodes are hashed under different first bytes, so that no leaf can be
passed off as a node. A complete subtree has 2^level leaves and begins at a multiple of that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()

TILE_HEIGHT = 8
"""Every complete subtree of 256, 256², … leaves is a tile, whose root is kept: no proof ever needs more than
some tiles' own hashes on each height (C2SP tlog-tiles has the same measure)."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees' roots."""
    return sha256(b"\x01" + left + right).digest()


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """The root over 2^n subtrees of one size. Raises `ValueError` for any other number of them."""
    if not hashes or len(hashes) & (len(hashes) - 1):
        raise ValueError("a complete subtree has 2^n parts")
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def joined(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that stand side by side, the largest first."""
    if not peaks:
        return EMPTY_ROOT
    *rest, root = peaks
    for peak in reversed(rest):
        root = node_hash(peak, root)
    return root


@dataclass(frozen=True, slots=True)
class Tile:
    """The root of the complete subtree number `index` of 256^level leaves; `level` is at least 1."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Edge:
    """A tree's right edge: the roots of its complete subtrees, the largest first. All that growth needs."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError("an edge has one peak for each set bit of its size")

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        return joined(self.peaks)


def extended(edge: Edge, leaves: Iterable[bytes]) -> tuple[Edge, tuple[Tile, ...]]:
    """The edge after more leaf hashes, and the tiles that they completed."""
    size, peaks, tiles = edge.size, list(edge.peaks), list[Tile]()
    for leaf in leaves:
        height, node = 0, leaf
        while size >> height & 1:
            node = node_hash(peaks.pop(), node)
            height += 1
            if height % TILE_HEIGHT == 0:
                tiles.append(Tile(height // TILE_HEIGHT, size >> height, node))
        peaks.append(node)
        size += 1
    return Edge(size, tuple(peaks)), tuple(tiles)
