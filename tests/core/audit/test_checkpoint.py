"""Checkpoints, against the example of the Go implementation of signed notes."""

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.audit.checkpoint import (
    Checkpoint,
    InvalidCheckpoint,
    key_id,
    read_checkpoint,
    signed_note,
    verifier_key,
)

# golang.org/x/mod/sumdb/note, the package's example.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"
    "RyyBwJnAM=\n"
)


def test_key_and_note_read_as_elsewhere() -> None:
    name, identity, key = VKEY.split("+", 2)
    public = b64decode(key)[1:]
    assert key_id(name, public).hex() == identity
    assert verifier_key(name, public) == VKEY
    signature = b64decode(NOTE.split()[-1])[4:]
    assert signed_note(TEXT, name, public, signature) == NOTE


@given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_reads_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("log.example/1", size, root)
    assert read_checkpoint(signed_note(checkpoint.text, "k", b"\0" * 32, b"\1" * 64)) == checkpoint


ROOT = "A" * 43 + "="


@pytest.mark.parametrize(
    "note",
    [
        "",
        "o\n1\n" + ROOT + "\n",
        f"\n1\n{ROOT}\n\n",
        f"o\n01\n{ROOT}\n\n",
        f"o\n-1\n{ROOT}\n\n",
        f"o\n१\n{ROOT}\n\n",
        "o\n1\nAAAA\n\n",
        "o\n1\n????\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(InvalidCheckpoint):
        read_checkpoint(note)
