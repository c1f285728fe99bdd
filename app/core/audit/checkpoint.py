"""Checkpoints: the signed head of the log, as C2SP tlog-checkpoint has it, in C2SP's signed-note format.

    customer-data-center/5f0e7a91      the log's origin
    20852163                           how many leaves
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2   the root hash, base64
                                       (an empty line)
    — customer-data-center/5f0e7a91 Az3grl…    key name, and base64 of key ID and signature

The signature covers the first three lines, each with its line feed. Signing is the caller's: signature bytes
and public key are arguments here.
"""

from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256

_ED25519 = b"\x01"
"""signed-note's number for plain Ed25519 signatures."""


class InvalidCheckpoint(ValueError):  # noqa: N818 - named as the reader of a note sees it
    """Text that is not a checkpoint; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log `origin` had `size` leaves and this Merkle root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def key_id(name: str, public_key: bytes) -> bytes:
    """signed-note's ID of an Ed25519 key (32 bytes) under this name: 4 bytes."""
    return sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as one line: `name+ID in hex+base64`, C2SP's vkey."""
    return f"{name}+{key_id(name, public_key).hex()}+{b64encode(_ED25519 + public_key).decode()}"


def signed_note(text: str, name: str, public_key: bytes, signature: bytes) -> str:
    """The text with its signature (64 bytes) by the key `name`."""
    return f"{text}\n— {name} {b64encode(key_id(name, public_key) + signature).decode()}\n"


def read_checkpoint(note: str) -> Checkpoint:
    """The checkpoint of a note, whose signatures are not looked at. Raises `InvalidCheckpoint`."""
    text, separator, _ = note.partition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3 or not lines[0]:
        raise InvalidCheckpoint("a checkpoint has an origin, a size and a root, then an empty line")
    origin, size, root = lines[:3]
    if not size.isascii() or not size.isdigit() or str(int(size)) != size:
        raise InvalidCheckpoint("the size of a checkpoint is a decimal number")
    try:
        hash_ = b64decode(root, validate=True)
    except Error:
        raise InvalidCheckpoint("the root of a checkpoint is base64") from None
    if len(hash_) != 32:
        raise InvalidCheckpoint("the root of a checkpoint has 32 bytes")
    return Checkpoint(origin, int(size), hash_)
