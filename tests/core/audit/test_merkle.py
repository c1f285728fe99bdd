"""The tree and its proofs against the definitions of RFC 6962, written down here word for word."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.audit.merkle import EMPTY_ROOT, Edge, Tile, complete_root, extended, leaf_hash, node_hash
from app.core.audit.proofs import (
    Range,
    Span,
    consistency_ranges,
    inclusion_ranges,
    peaks,
    range_root,
    spans,
    verify_consistency,
    verify_inclusion,
)

SIZES = st.integers(1, 1200)
LEAVES = [leaf_hash(str(i).encode()) for i in range(70_000)]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(leaves: list[bytes]) -> bytes:
    """MTH of section 2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


class Store:
    """What a log keeps: leaf hashes and the tiles that growth completed."""

    def __init__(self, size: int) -> None:
        self.edge, tiles = extended(Edge(), LEAVES[:size])
        self.tiles = {(tile.level, tile.index): tile.hash for tile in tiles}

    def stored(self, range_: Range) -> dict[Span, list[bytes]]:
        return {
            s: [
                LEAVES[i] if s.level == 0 else self.tiles[s.level, i]
                for i in range(s.start, s.start + s.count)
            ]
            for s in spans(range_)
        }

    def root(self, range_: Range) -> bytes:
        return range_root(range_, self.stored(range_))


def test_hashes_of_leaves_and_nodes_are_told_apart() -> None:
    assert leaf_hash(b"") == sha256(b"\x00").digest()
    assert node_hash(b"a", b"b") == sha256(b"\x01ab").digest()
    assert Edge().root == EMPTY_ROOT == mth([])


def test_roots_that_others_published() -> None:
    """The seven inputs of the Certificate Transparency reference tests."""
    inputs = " 00 10 2021 3031 40414243 5051525354555657 606162636465666768696a6b6c6d6e6f"
    edge, _ = extended(Edge(), [leaf_hash(bytes.fromhex(i)) for i in inputs.split(" ")])
    assert edge.root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(SIZES, SIZES)
def test_growth_in_any_steps_gives_the_root_of_the_definition(first: int, more: int) -> None:
    half, tiles = extended(Edge(), LEAVES[:first])
    whole, further = extended(half, LEAVES[first : first + more])
    assert whole.root == mth(LEAVES[: first + more])
    assert (whole, tiles + further) == extended(Edge(), LEAVES[: first + more])


@given(SIZES, st.data())
def test_inclusion_proofs_are_those_of_the_definition(size: int, data: st.DataObject) -> None:
    index, store = data.draw(st.integers(0, size - 1)), Store(size)
    proof = [store.root(r) for r in inclusion_ranges(index, size)]
    assert proof == path(index, LEAVES[:size])
    assert verify_inclusion(LEAVES[index], index, size, proof, store.edge.root)


@given(SIZES, st.data())
def test_consistency_proofs_are_those_of_the_definition(new: int, data: st.DataObject) -> None:
    old, store = data.draw(st.integers(1, new)), Store(new)
    proof = [store.root(r) for r in consistency_ranges(old, new)]
    assert proof == subproof(old, LEAVES[:new], True)
    assert verify_consistency(old, mth(LEAVES[:old]), new, store.edge.root, proof)


@given(st.integers(2, 300), st.data())
def test_a_proof_proves_nothing_else(size: int, data: st.DataObject) -> None:
    index, store = data.draw(st.integers(0, size - 1)), Store(size)
    proof = [store.root(r) for r in inclusion_ranges(index, size)]
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index))
    root = store.edge.root
    assert not verify_inclusion(LEAVES[other], index, size, proof, root)
    assert not verify_inclusion(LEAVES[index], other, size, proof, root)
    assert not verify_inclusion(LEAVES[index], index, size, [*proof, root], root)
    assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], root)
    assert not verify_inclusion(LEAVES[index], size, size, proof, root)


@given(st.integers(2, 300), st.data())
def test_a_rewritten_beginning_is_not_consistent(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    store, rewritten = Store(new), mth([leaf_hash(b"else"), *LEAVES[1:old]])
    proof = [store.root(r) for r in consistency_ranges(old, new)]
    root = store.edge.root
    assert not verify_consistency(old, rewritten, new, root, proof)
    assert not verify_consistency(old, mth(LEAVES[:old]), new, rewritten, proof)
    assert not verify_consistency(old, mth(LEAVES[:old]), new, root, [*proof, root])
    assert not verify_consistency(old, mth(LEAVES[:old]), new, root, proof[:-1])
    assert not verify_consistency(0, EMPTY_ROOT, new, root, [])


def test_trees_of_one_size_are_consistent_only_when_they_are_one() -> None:
    assert verify_consistency(5, LEAVES[0], 5, LEAVES[0], [])
    assert not verify_consistency(5, LEAVES[0], 5, LEAVES[1], [])
    assert consistency_ranges(5, 5) == ()


def test_tiles_are_complete_subtrees() -> None:
    _, tiles = extended(Edge(), LEAVES)
    assert Tile(1, 3, mth(LEAVES[768:1024])) in tiles
    assert Tile(2, 0, mth(LEAVES[:65_536])) in tiles
    assert len(tiles) == 70_000 // 256 + 1


@pytest.mark.parametrize("size", [65_535, 65_536, 69_999])
def test_a_large_tree_is_proved_from_tiles(size: int) -> None:
    store, index = Store(size), 40_000
    proof = [store.root(r) for r in inclusion_ranges(index, size)]
    assert verify_inclusion(LEAVES[index], index, size, proof, store.edge.root)
    read = sum(s.count for r in inclusion_ranges(index, size) for s in spans(r))
    assert read <= 6 * 256
    assert Edge(size, peaks((0, size), store.stored((0, size)))) == store.edge


@pytest.mark.parametrize("wrong", [(3, 3), (-1, 3), (0, 0)])
def test_there_is_no_proof_for_a_leaf_that_is_not_there(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="leaf"):
        inclusion_ranges(*wrong)


@pytest.mark.parametrize("wrong", [(0, 3), (4, 3), (-1, 3)])
def test_only_a_smaller_tree_is_the_beginning_of_a_larger(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="older"):
        consistency_ranges(*wrong)


def test_what_is_no_edge_or_no_subtree_is_refused() -> None:
    with pytest.raises(ValueError, match="peak"):
        Edge(3, (LEAVES[0],))
    with pytest.raises(ValueError, match="parts"):
        complete_root(LEAVES[:3])
