"""A keyed digest for the access log: equal contents are recognised, and cannot be guessed without the key."""

import hmac
from collections.abc import Sequence

from app.adapters.crypto.keys import SymmetricKey


class KeyedDigest:
    """Implements the port `ElementsDigest`: HMAC-SHA-256 under the first key."""

    def __init__(self, keys: Sequence[SymmetricKey]) -> None:
        self._key = keys[0].key

    def __call__(self, content: bytes) -> str:
        """64 hexadecimal digits."""
        return hmac.digest(self._key, content, "sha256").hex()
