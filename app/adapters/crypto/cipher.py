"""Encryption at rest: AES-256-GCM, bound to what the content belongs to."""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters.crypto.keys import SymmetricKey

_FORMAT = b"\x01"  # format byte, 96-bit nonce, ciphertext with its 128-bit tag
_NONCE_BYTES = 12
_OVERHEAD = len(_FORMAT) + _NONCE_BYTES + 16


class CannotOpen(Exception):  # noqa: N818 - a state
    """Sealed content that does not open: its key is not in the ring, or it is not what was sealed."""


class Box:
    """One key that seals and opens. `key_id` is authenticated with what it seals.

    A random nonce is safe for 2^32 seals under one key (NIST SP 800-38D, 8.3): rotate before that.
    """

    __slots__ = ("_key", "key_id")

    def __init__(self, key_id: str, key: bytes) -> None:
        self.key_id = key_id
        self._key = AESGCM(key)

    def seal(self, content: bytes, belongs_to: bytes) -> bytes:
        """Encrypts; opens only with the same `belongs_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + nonce + self._key.encrypt(nonce, content, _associated(belongs_to, self.key_id))

    def open(self, sealed: bytes, belongs_to: bytes) -> bytes:
        """The content that was sealed. Raises `CannotOpen`."""
        if len(sealed) < _OVERHEAD or sealed[:1] != _FORMAT:
            raise CannotOpen("not a sealed content")
        nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._key.decrypt(nonce, content, _associated(belongs_to, self.key_id))
        except InvalidTag:
            raise CannotOpen("the sealed content was changed, or belongs to something else") from None


class Cipher:
    """The installation's keys: seals under the first, opens under any."""

    def __init__(self, keys: Sequence[SymmetricKey]) -> None:
        self.use(keys)

    def use(self, keys: Sequence[SymmetricKey]) -> None:
        """From now on these keys."""
        self.active_id = keys[0].key_id
        self._keys = {key.key_id: Box(key.key_id, key.key) for key in keys}
        self._active = self._keys[self.active_id]

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The keys' IDs, the active one's first."""
        return tuple(self._keys)

    def knows(self, key_id: str) -> bool:
        """Whether the key is one of these."""
        return key_id in self._keys

    def seal(self, content: bytes, belongs_to: bytes) -> bytes:
        """Encrypts under the key `active_id`; opens only with the same `belongs_to`."""
        return self._active.seal(content, belongs_to)

    def open(self, sealed: bytes, key_id: str, belongs_to: bytes) -> bytes:
        """The content that was sealed. Raises `CannotOpen`."""
        key = self._keys.get(key_id)
        if key is None:
            raise CannotOpen("sealed under a key that is not in the key ring")
        return key.open(sealed, belongs_to)


def _associated(belongs_to: bytes, key_id: str) -> bytes:
    """What is authenticated beside the content; lengths first, so that no two pairs look alike."""
    return b"%b%d:%b%b" % (_FORMAT, len(belongs_to), belongs_to, key_id.encode())
