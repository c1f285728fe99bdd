"""The check character: what it catches."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.identity.documents import gb11643
from app.core.identity.documents.document import Fault
from app.core.identity.gender import Gender

STANDARD_EXAMPLES = ("11010519491231002X", "440524188001010014")


@st.composite
def numbers(draw: st.DrawFn) -> str:
    region = draw(st.integers(110000, 659999))
    born = draw(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(1, 999)):03}"
    return body + gb11643.check_character(body)


@pytest.mark.parametrize("number", STANDARD_EXAMPLES)
def test_the_examples_of_the_standard_hold(number: str) -> None:
    assert gb11643.faults(number) == ()


@pytest.mark.parametrize(
    ("number", "faults"),
    [
        ("110105194912310021", (Fault.CHECK_DIGIT,)),
        ("110105194913310029", (Fault.BIRTH_DATE, Fault.CHECK_DIGIT)),
        ("1101051949123100", (Fault.LENGTH,)),
        ("", (Fault.LENGTH,)),
        ("11010519491231O02X", (Fault.CHARACTERS,)),
        ("１1010519491231002X", (Fault.CHARACTERS,)),
        ("111111111111111111", (Fault.BIRTH_DATE, Fault.CHECK_DIGIT)),
    ],
)
def test_broken_rules_are_named(number: str, faults: tuple[Fault, ...]) -> None:
    assert gb11643.faults(number) == faults


def test_a_number_tells_birth_date_and_sex() -> None:
    assert gb11643.birth_date("11010519491231002X") == date(1949, 12, 31)
    assert gb11643.gender("11010519491231002X") is Gender.FEMALE
    assert gb11643.gender("440524188001010014") is Gender.MALE


@given(number=numbers(), place=st.integers(0, 16), digit=st.sampled_from("0123456789"))
def test_no_wrong_digit_goes_unseen(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    assert gb11643.faults(number[:place] + digit + number[place + 1 :])


@given(number=numbers(), place=st.integers(0, 15), jump=st.integers(1, 2))
def test_no_exchange_goes_unseen(number: str, place: int, jump: int) -> None:
    other = min(place + jump, 16)
    assume(number[place] != number[other])
    digits = list(number)
    digits[place], digits[other] = digits[other], digits[place]
    assert gb11643.faults("".join(digits))


@given(numbers())
def test_a_valid_number_has_no_faults(number: str) -> None:
    assert gb11643.faults(number) == ()
