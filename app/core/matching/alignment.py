"""Two writings of one thing, character by character: what a steward looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein


class Agreement(StrEnum):
    """How far two characters that stand opposite each other agree."""

    SAME = "same"
    VARIANT = "variant"
    """Another way to write the same: 張/张, a/A."""
    SWAPPED = "swapped"
    """Both are there, with a neighbour, in the other order."""
    DIFFERENT = "different"
    ONE_SIDED = "one_sided"
    """The other side has no such character."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair of characters: `left` and `right` are their places in the two texts, None where one has none."""

    left: int | None
    right: int | None
    agreement: Agreement


def align(
    left: str, right: str, left_key: str | None = None, right_key: str | None = None
) -> tuple[Aligned, ...]:
    """The shortest way from one text to the other, in order, every character once.

    The keys are the texts in the form in which they are compared, character for character; where a key has
    another length than its text, the text itself is compared.

    >>> [a.agreement.value for a in align("张桂英", "张英桂")]
    ['same', 'swapped', 'swapped']
    >>> [(a.left, a.right) for a in align("卢艺", "卢淑艺")]
    [(0, 0), (None, 1), (1, 2)]
    """
    a = left_key if left_key is not None and len(left_key) == len(left) else left
    b = right_key if right_key is not None and len(right_key) == len(right) else right
    return tuple(_swaps_named(list(_steps(left, right, a, b)), a, b))


def _steps(left: str, right: str, a: str, b: str) -> Iterator[Aligned]:
    for way in Levenshtein.opcodes(a, b):
        for step in range(max(way.src_end - way.src_start, way.dest_end - way.dest_start)):
            x, y = way.src_start + step, way.dest_start + step
            if way.tag == "equal":
                same = Agreement.SAME if left[x] == right[y] else Agreement.VARIANT
                yield Aligned(x, y, same)
            elif way.tag == "replace":
                yield Aligned(x, y, Agreement.DIFFERENT)
            elif way.tag == "delete":
                yield Aligned(x, None, Agreement.ONE_SIDED)
            else:
                yield Aligned(None, y, Agreement.ONE_SIDED)


def _swaps_named(steps: list[Aligned], a: str, b: str) -> Iterator[Aligned]:
    """Neighbours that changed places show as two replacements in a row, or as one character that is lost on
    one side of another and found on the other."""
    at = 0
    while at < len(steps):
        for width in (2, 3):
            if exchanged := _exchanged(steps[at : at + width], a, b):
                yield from exchanged
                at += width
                break
        else:
            yield steps[at]
            at += 1


def _exchanged(steps: list[Aligned], a: str, b: str) -> tuple[Aligned, ...]:
    """The two characters on each side as a swap, if they are one."""
    lefts = [step.left for step in steps if step.left is not None]
    rights = [step.right for step in steps if step.right is not None]
    if len(lefts) != 2 or len(rights) != 2 or a[lefts[0]] == b[rights[0]]:
        return ()
    if a[lefts[0]] != b[rights[1]] or a[lefts[1]] != b[rights[0]]:
        return ()
    return tuple(Aligned(i, j, Agreement.SWAPPED) for i, j in zip(lefts, rights, strict=True))
