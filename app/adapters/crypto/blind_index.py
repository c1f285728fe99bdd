"""Blind index: equal values are found by a keyed hash that tells a reader of the database nothing."""

import hmac
from collections.abc import Sequence

from app.adapters.crypto.keys import SymmetricKey


class BlindIndex:
    """HMAC-SHA-256, truncated to a signed 64-bit integer. Among a billion values any two collide with a
    chance of 3 %, and a collision costs one comparison more, never a wrong answer."""

    def __init__(self, keys: Sequence[SymmetricKey]) -> None:
        self.active_id = keys[0].key_id
        self._keys = tuple(key.key for key in keys)
        self._active = self._keys[0]

    def stored(self, value: bytes) -> int:
        """What is stored: the hash under the active key."""
        return _hash(self._active, value)

    def asked(self, value: bytes) -> tuple[int, ...]:
        """What is looked up: the hash under every key, since a rotation is not done at once."""
        return tuple([_hash(key, value) for key in self._keys])


def _hash(key: bytes, value: bytes) -> int:
    return int.from_bytes(hmac.digest(key, value, "sha256")[:8], "big", signed=True)
