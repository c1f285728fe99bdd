"""Signs the checkpoints of the access log: Ed25519, in C2SP's signed-note form."""

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.adapters.crypto.keys import CheckpointKey
from app.core.audit.checkpoint import Checkpoint, signed_note, verifier_key


class NoteSigner:
    """Implements the port `CheckpointSigner` with the first of the keys."""

    def __init__(self, keys: Sequence[CheckpointKey]) -> None:
        self.origin = keys[0].origin
        self._private = Ed25519PrivateKey.from_private_bytes(keys[0].key)
        self._public = _public(keys[0])

    def sign(self, size: int, root: bytes) -> str:
        """The signed note of the log's head."""
        text = Checkpoint(self.origin, size, root).text
        return signed_note(text, self.origin, self._public, self._private.sign(text.encode()))


def verifier_keys(keys: Sequence[CheckpointKey]) -> tuple[str, ...]:
    """The public keys as C2SP writes them (vkey), the active one first."""
    return tuple(verifier_key(key.origin, _public(key)) for key in keys)


def _public(key: CheckpointKey) -> bytes:
    private = Ed25519PrivateKey.from_private_bytes(key.key)
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
