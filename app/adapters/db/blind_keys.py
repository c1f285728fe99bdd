"""Blocking keys as the index holds them: keyed hashes that tell a reader of the database nothing."""

import zlib
from dataclasses import dataclass

from app.adapters.crypto.blind_index import BlindIndex, BlindRing
from app.core.matching.blocking_key import BlindKey, BlockingKey, Key

LOCK_SLOTS = 4096


@dataclass(frozen=True, slots=True)
class BlindKeys:
    """Hashes blocking keys. Needs no database, so that it can be done beside one."""

    index: BlindIndex

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The keys of the blind index that are hashed under now, the active one first."""
        return self.index.ring.key_ids

    def __call__(self, key: BlockingKey) -> BlindKey:
        """The key as it is stored and looked up."""
        ring, value = self.index.ring, _bytes(key)
        return BlindKey(key.rule, ring(value), _slot(value), ring.key_ids)


def hashes_of(key: BlockingKey, ring: BlindRing) -> tuple[int, ...]:
    """What the key is looked up by alone."""
    return ring(_bytes(key))


def slot_of(key: Key) -> int:
    """The lock of whoever works on the key. It hangs on the value alone: processes that know different keys
    of the blind index, as during a rotation, wait for each other."""
    return key.slot if isinstance(key, BlindKey) else _slot(_bytes(key))


def _slot(value: bytes) -> int:
    return zlib.crc32(value) % LOCK_SLOTS


def _bytes(key: BlockingKey) -> bytes:
    return f"{key.rule}\0{key.value}".encode("utf-8", "surrogatepass")
