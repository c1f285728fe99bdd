"""Client secrets at rest. They hold 256 random bits, so a keyed hash is enough: there is nothing to guess."""

import hmac
from collections.abc import Sequence

from app.adapters.crypto.keys import SymmetricKey
from app.core.access.client import ClientCredential


class PepperedSecrets:
    """Implements the port `SecretHasher`: HMAC-SHA-256 under a pepper that the database does not hold."""

    def __init__(self, peppers: Sequence[SymmetricKey]) -> None:
        self._active_id = peppers[0].key_id
        self._peppers = {pepper.key_id: pepper.key for pepper in peppers}

    def digest(self, secret: str) -> tuple[bytes, str]:
        """The digest to store, and the ID of its pepper."""
        return self._digest(secret, self._active_id), self._active_id

    def verify(self, secret: str, credential: ClientCredential) -> bool:
        """Whether this is the client's secret; takes the same time whatever the answer."""
        pepper_id = credential.pepper_id
        known = pepper_id if pepper_id in self._peppers else None
        digest = self._digest(secret, known or self._active_id)
        return hmac.compare_digest(digest, credential.secret_digest or b"") and known is not None

    def _digest(self, secret: str, pepper_id: str) -> bytes:
        return hmac.digest(self._peppers[pepper_id], secret.encode("utf-8", "surrogatepass"), "sha256")
