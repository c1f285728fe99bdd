"""Two writings, character by character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.matching.alignment import Agreement, align

SIGNS = {
    Agreement.SAME: "=",
    Agreement.VARIANT: "v",
    Agreement.SWAPPED: "x",
    Agreement.DIFFERENT: "!",
    Agreement.ONE_SIDED: "-",
}
TEXTS = st.text(alphabet="张桂英王丽立华01", max_size=8)


def signs(left: str, right: str, *keys: str) -> str:
    return "".join(SIGNS[step.agreement] for step in align(left, right, *keys))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("王丽华", "王丽华", "==="),
        ("王丽华", "王立华", "=!="),
        ("张桂英", "张英桂", "=xx"),
        ("英张", "张英", "xx"),
        ("卢艺", "卢淑艺", "=-="),
        ("卢淑艺", "卢艺", "=-="),
        ("110101198002290026", "110101189002290026", "=======xx========="),
        ("", "张", "-"),
        ("", "", ""),
    ],
)
def test_differences_are_found(left: str, right: str, expected: str) -> None:
    assert signs(left, right) == expected


def test_what_is_compared_as_one_is_a_variant() -> None:
    assert signs("張偉", "张伟", "张伟", "张伟") == "vv"
    assert signs("Li", "LI", "li", "li") == "=v"


def test_a_key_of_another_length_is_not_used() -> None:
    assert signs("張偉", "张伟", "张", "张伟") == "!!"


@given(TEXTS, TEXTS)
def test_every_character_stands_once_and_in_order(left: str, right: str) -> None:
    steps = align(left, right)
    assert [step.left for step in steps if step.left is not None] == list(range(len(left)))
    assert [step.right for step in steps if step.right is not None] == list(range(len(right)))


@given(TEXTS, TEXTS)
def test_what_is_called_the_same_is(left: str, right: str) -> None:
    for step in align(left, right):
        if step.agreement is Agreement.SAME:
            assert step.left is not None
            assert step.right is not None
            assert left[step.left] == right[step.right]
        one_sided = step.left is None or step.right is None
        assert one_sided == (step.agreement is Agreement.ONE_SIDED)


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert signs(text, text) == "=" * len(text)
