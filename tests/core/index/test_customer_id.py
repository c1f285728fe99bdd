"""Customer IDs: how they read, and what slips of the pen their check character finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.index.customer_id import RANDOM_BYTES, is_well_formed, make

RANDOM = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("random", "customer_id"),
    [
        (bytes(10), "C00000000000000006"),
        (b"\xff" * 10, "CZZZZZZZZZZZZZZZZM"),
        (bytes(range(10)), "C000G40R40M30E209W"),
    ],
)
def test_ten_random_bytes_make_an_id(random: bytes, customer_id: str) -> None:
    assert make(random) == customer_id


@given(RANDOM)
def test_what_is_made_is_well_formed(random: bytes) -> None:
    assert is_well_formed(make(random))


@given(RANDOM, RANDOM)
def test_different_bytes_make_different_ids(one: bytes, other: bytes) -> None:
    assert (make(one) == make(other)) == (one == other)


@given(RANDOM, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(random: bytes, position: int, character: str) -> None:
    customer_id = make(random)
    slip = customer_id[:position] + character + customer_id[position + 1 :]
    assert is_well_formed(slip) == (slip == customer_id)


def test_nearly_every_exchange_of_neighbours_is_found() -> None:
    missed = tried = 0
    for number in range(500):
        customer_id = make((number * 0x9E3779B97F4A7C15F39D % 2**80).to_bytes(10, "big"))
        for i in range(1, 16):
            slip = customer_id[:i] + customer_id[i + 1] + customer_id[i] + customer_id[i + 2 :]
            if slip != customer_id:
                tried += 1
                missed += is_well_formed(slip)
    assert tried > 5000
    assert missed < tried * 0.01


@pytest.mark.parametrize("length", [0, 9, 11])
def test_any_other_number_of_bytes_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="10"):
        make(bytes(length))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "C",
        "C0000000000000000",  # no check character
        "C000000000000000066",
        "D00000000000000006",
        "c00000000000000006",
        " C00000000000000006",
        "C000000000000000O6",  # O is no character of base 32
        "C0000000000000000ǅ",
        "C000000000000000\x006",
        "C" + "０" * 16 + "6",
    ],
)
def test_anything_else_is_not_well_formed(text: str) -> None:
    assert not is_well_formed(text)


@given(st.text(max_size=40))
def test_no_text_is_too_odd_to_be_asked(text: str) -> None:
    assert not is_well_formed(text) or make(_bytes_of(text)) == text


def _bytes_of(customer_id: str) -> bytes:
    number = 0
    for character in customer_id[1:-1]:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(character)
    return number.to_bytes(RANDOM_BYTES, "big")
