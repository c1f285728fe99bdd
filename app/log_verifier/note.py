"""Signed checkpoints: C2SP signed-note and tlog-checkpoint, Ed25519 alone."""

from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class NotVerified(Exception):  # noqa: N818 - a finding
    """A key or a checkpoint that cannot be taken; says why."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A vkey: the log's name, the key's ID and the Ed25519 public key."""

    name: str
    key_id: bytes
    key: Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says."""

    size: int
    root: bytes


def read_key(text: str) -> PublicKey:
    """Reads `name+ID in hex+base64`. Raises `NotVerified`."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not parts[0]:
        raise NotVerified("a public key looks like name+1a2b3c4d+base64")
    name, identity, encoded = parts
    try:
        typed, key_id = b64decode(encoded, validate=True), bytes.fromhex(identity)
    except (Error, ValueError):
        raise NotVerified("the public key is not hex and base64") from None
    if len(typed) != 33 or typed[0] != 1:
        raise NotVerified("the public key is not an Ed25519 key")
    if sha256(name.encode() + b"\n" + typed).digest()[:4] != key_id:
        raise NotVerified("the public key is damaged: its ID does not fit")
    return PublicKey(name, key_id, Ed25519PublicKey.from_public_bytes(typed[1:]))


def open_note(note: str, keys: Sequence[PublicKey]) -> Head:
    """The head that one of the keys signed. Raises `NotVerified`."""
    text, separator, signatures = note.rpartition("\n\n")
    if not separator:
        raise NotVerified("not a signed checkpoint")
    text += "\n"
    origin, size, root = _lines(text)
    known = [key for key in keys if key.name == origin]
    if not known:
        raise NotVerified(f"the checkpoint is of another log: {origin}")
    if not any(_signed(text, line, key) for line in signatures.splitlines() for key in known):
        raise NotVerified(f"the checkpoint of {size} events is not signed with the given key")
    return Head(size, root)


def _signed(text: str, line: str, key: PublicKey) -> bool:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if mark != "—" or name != key.name:
        return False
    try:
        blob = b64decode(encoded, validate=True)
        if blob[:4] != key.key_id:
            return False
        key.key.verify(blob[4:], text.encode())
    except (Error, ValueError, InvalidSignature):
        return False
    return True


def _lines(text: str) -> tuple[str, int, bytes]:
    lines = text.split("\n")
    if len(lines) < 4:
        raise NotVerified("a checkpoint has an origin, a size and a root")
    origin, size, root = lines[:3]
    try:
        head = (origin, int(size), b64decode(root, validate=True))
    except (Error, ValueError):
        raise NotVerified("a checkpoint's size is a number, its root base64") from None
    if str(head[1]) != size or head[1] < 0 or len(head[2]) != 32:
        raise NotVerified("a checkpoint's size is a plain number, its root 32 bytes")
    return head
