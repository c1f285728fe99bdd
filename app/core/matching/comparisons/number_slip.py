"""The slip of hand or eye that turns one number into another."""

from enum import StrEnum

from rapidfuzz.distance import OSA


class NumberSlip(StrEnum):
    """Slips, the most specific first. `two_slips` is any two of them, or two characters that differ."""

    LOOK_ALIKE = "look_alike"
    ONE_DIGIT = "one_digit"
    ADJACENT_SWAP = "adjacent_swap"
    JUMP_SWAP = "jump_swap"
    INSERTED_OR_DROPPED = "inserted_or_dropped"
    TWO_SLIPS = "two_slips"


# A letter for the digit it is read as in print or handwriting.
_DIGIT_OF_LETTER = str.maketrans("OQDUILZSGB", "0000112568")


def number_slip(left: str, right: str) -> NumberSlip | None:
    """The slip between two different numbers; None where they are more than two slips apart. Symmetric."""
    distance = OSA.distance(left, right, score_cutoff=3)
    if distance == 0 or min(len(left), len(right)) < 4:
        return None
    if len(left) == len(right) and left.translate(_DIGIT_OF_LETTER) == right.translate(_DIGIT_OF_LETTER):
        return NumberSlip.LOOK_ALIKE
    if distance == 1:
        return _single(left, right)
    return _double(left, right) if distance == 2 else None


def _single(left: str, right: str) -> NumberSlip:
    if len(left) != len(right):
        return NumberSlip.INSERTED_OR_DROPPED
    differing = sum(a != b for a, b in zip(left, right, strict=True))
    return NumberSlip.ONE_DIGIT if differing == 1 else NumberSlip.ADJACENT_SWAP


def _double(left: str, right: str) -> NumberSlip:
    if len(left) == len(right):
        differing = [i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
        i, j = differing[0], differing[-1]
        if len(differing) == 2 and j == i + 2 and left[i] == right[j] and left[j] == right[i]:
            return NumberSlip.JUMP_SWAP
    return NumberSlip.TWO_SLIPS
