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


class Cipher:
    """Seals under the first of its keys, opens under any.

    A random nonce is safe for 2^32 seals under one key (NIST SP 800-38D, 8.3): rotate before that.
    """

    def __init__(self, keys: Sequence[SymmetricKey]) -> None:
        self.active_id = keys[0].key_id
        self._keys = {key.key_id: AESGCM(key.key) for key in keys}
        self._active = self._keys[self.active_id]

    def seal(self, content: bytes, belongs_to: bytes) -> bytes:
        """Encrypts under the key `active_id`; opens only with the same `belongs_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        data = _associated(belongs_to, self.active_id)
        return _FORMAT + nonce + self._active.encrypt(nonce, content, data)

    def open(self, sealed: bytes, key_id: str, belongs_to: bytes) -> bytes:
        """The content that was sealed. Raises `CannotOpen`."""
        key = self._keys.get(key_id)
        if key is None:
            raise CannotOpen("sealed under a key that is not in the key ring")
        if len(sealed) < _OVERHEAD or sealed[:1] != _FORMAT:
            raise CannotOpen("not a sealed content")
        nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return key.decrypt(nonce, content, _associated(belongs_to, key_id))
        except InvalidTag:
            raise CannotOpen("the sealed content was changed, or belongs to something else") from None


def _associated(belongs_to: bytes, key_id: str) -> bytes:
    """What is authenticated beside the content; lengths first, so that no two pairs look alike."""
    return b"%b%d:%b%b" % (_FORMAT, len(belongs_to), belongs_to, key_id.encode())
