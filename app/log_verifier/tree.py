"""The tree of RFC 6962, grown leaf by leaf: memory grows with the logarithm of its size."""

from hashlib import sha256


class Tree:
    """The complete subtrees along the right edge, the largest first, as (leaves, hash)."""

    __slots__ = ("_peaks", "size")

    def __init__(self, size: int = 0, edge: tuple[bytes, ...] = ()) -> None:
        """Begins with `size` leaves behind an edge. Raises `ValueError` where they do not fit."""
        counts = [1 << bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]
        self._peaks = list(zip(counts, edge, strict=True))
        self.size = size

    def add(self, leaf_hash: bytes) -> None:
        """One more leaf."""
        count, node = 1, leaf_hash
        while self._peaks and self._peaks[-1][0] == count:
            node = sha256(b"\x01" + self._peaks.pop()[1] + node).digest()
            count *= 2
        self._peaks.append((count, node))
        self.size += 1

    def root(self) -> bytes:
        """The root of all leaves so far."""
        if not self._peaks:
            return sha256().digest()
        node = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            node = sha256(b"\x01" + left + node).digest()
        return node
