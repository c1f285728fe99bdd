"""Record bodies at rest: AES-256-GCM, bound to the row they stand in."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.health_data_center.keys import DataKeys

_NONCE_BYTES = 12


class Unreadable(Exception):  # noqa: N818 - a state of stored data
    """A body that no known key opens: the key is gone, or the row was tampered with."""


class BodyCipher:
    """Seals with the active key and opens with any. The layout is nonce (12 bytes), ciphertext, tag (16)."""

    def __init__(self, keys: DataKeys) -> None:
        self._active = keys.active
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.by_id.items()}

    def seal(self, body: bytes, row: str) -> tuple[str, bytes]:
        """The id of the key used, and the sealed body. `row` names the row it will stand in."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._active].encrypt(nonce, body, _bound_to(row, self._active))
        return self._active, nonce + sealed

    def open(self, key_id: str, sealed: bytes, row: str) -> bytes:
        """The body. Raises `Unreadable`."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise Unreadable("unknown key")
        try:
            return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(row, key_id))
        except (InvalidTag, ValueError):
            raise Unreadable("not sealed with this key for this row") from None


def _bound_to(row: str, key_id: str) -> bytes:
    return f"{key_id}\x00{row}".encode()
