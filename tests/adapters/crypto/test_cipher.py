"""Sealed contents open for whom they were sealed, and for nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.crypto.cipher import CannotOpen, Cipher
from app.adapters.crypto.keys import SymmetricKey

OLD = SymmetricKey("old", "A256GCM", bytes(range(32)))
NEW = SymmetricKey("new", "A256GCM", bytes(range(32, 64)))
CIPHER = Cipher([NEW, OLD])


@given(st.binary(max_size=500), st.binary(max_size=40))
def test_what_was_sealed_opens(content: bytes, belongs_to: bytes) -> None:
    assert CIPHER.open(CIPHER.seal(content, belongs_to), "new", belongs_to) == content


def test_the_same_content_never_looks_the_same() -> None:
    assert len({CIPHER.seal(b"content", b"") for _ in range(100)}) == 100


def test_the_first_key_seals_and_an_older_one_still_opens() -> None:
    sealed = Cipher([OLD]).seal(b"content", b"record")
    assert CIPHER.active_id == "new"
    assert CIPHER.open(sealed, "old", b"record") == b"content"


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_is_found(position: int, change: int) -> None:
    sealed = bytearray(CIPHER.seal(b"content", b"record"))
    sealed[position % len(sealed)] ^= change
    with pytest.raises(CannotOpen):
        CIPHER.open(bytes(sealed), "new", b"record")


@pytest.mark.parametrize(
    ("key_id", "belongs_to"),
    [("new", b"other"), ("old", b"record"), ("lost", b"record"), ("new", b"recordnew")],
)
def test_another_key_or_another_owner_does_not_open(key_id: str, belongs_to: bytes) -> None:
    with pytest.raises(CannotOpen):
        CIPHER.open(CIPHER.seal(b"content", b"record"), key_id, belongs_to)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 28, b"\x02" + bytes(40)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        CIPHER.open(sealed, "new", b"record")
