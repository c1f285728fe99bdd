"""How far two document numbers agree, and what a near miss means."""

from enum import StrEnum

from app.core.identity.documents.document import Document, IdType
from app.core.identity.documents.gb11643 import LENGTH
from app.core.matching.comparison import MISSING, Comparison
from app.core.matching.comparisons.number_slip import NumberSlip, number_slip


class DocumentLevel(StrEnum):
    """Levels, best first.

    A slip level without `_unchecked` is proven by the numbers themselves: one side breaks its format's rules
    (check digit, length, date), so it is nobody's number and a slip of some other. `_unchecked` means that
    both sides could be real: a format without a check digit, or a 15-digit resident number. Families apply
    together and get neighbouring numbers, twins have neighbouring 15-digit numbers: such a near miss is weak
    evidence.

    `different_valid` is two valid resident IDs, or two valid residence permits, or two valid permanent
    residence cards of 2023, that differ: lifelong numbers of one kind, so two people. It is the only level
    that can veto.
    """

    SAME = "same"
    SAME_INVALID = "same_invalid"
    SAME_OTHER_LABEL = "same_other_label"
    LOOK_ALIKE = "look_alike"
    ONE_DIGIT = "one_digit"
    ADJACENT_SWAP = "adjacent_swap"
    JUMP_SWAP = "jump_swap"
    INSERTED_OR_DROPPED = "inserted_or_dropped"
    LOOK_ALIKE_UNCHECKED = "look_alike_unchecked"
    ONE_DIGIT_UNCHECKED = "one_digit_unchecked"
    ADJACENT_SWAP_UNCHECKED = "adjacent_swap_unchecked"
    JUMP_SWAP_UNCHECKED = "jump_swap_unchecked"
    INSERTED_OR_DROPPED_UNCHECKED = "inserted_or_dropped_unchecked"
    TWO_SLIPS = "two_slips"
    TWO_SLIPS_UNCHECKED = "two_slips_unchecked"
    SAME_SHARED = "same_shared"
    OTHER_KIND = "other_kind"
    REISSUED = "reissued"
    DIFFERENT = "different"
    DIFFERENT_VALID = "different_valid"
    MISSING = MISSING


_SLIP_WHY = {
    NumberSlip.LOOK_ALIKE: "characters that look alike were confused",
    NumberSlip.ONE_DIGIT: "one character differs",
    NumberSlip.ADJACENT_SWAP: "two neighbouring characters exchanged",
    NumberSlip.JUMP_SWAP: "two characters around a third exchanged",
    NumberSlip.INSERTED_OR_DROPPED: "one character missing or too many",
    NumberSlip.TWO_SLIPS: "two slips apart",
}
_WHY = {
    DocumentLevel.SAME: "same number",
    DocumentLevel.SAME_INVALID: "same number, but it breaks its own format's rules",
    DocumentLevel.SAME_OTHER_LABEL: "same characters under another kind of document",
    DocumentLevel.SAME_SHARED: "same number of a document that a family shares",
    DocumentLevel.OTHER_KIND: "documents of different kinds: they cannot be compared",
    DocumentLevel.REISSUED: "different numbers of a document that gets a new number when it is issued again",
    DocumentLevel.DIFFERENT: "different numbers",
    DocumentLevel.DIFFERENT_VALID: "two valid lifelong numbers that differ",
    DocumentLevel.MISSING: "document number missing on one side",
}
_COMPARISONS = {level: Comparison(level, why) for level, why in _WHY.items()}
_PROVEN = {
    slip: Comparison(DocumentLevel(slip), f"{why}; one side is no valid number")
    for slip, why in _SLIP_WHY.items()
}
_UNCHECKED = {
    slip: Comparison(DocumentLevel(f"{slip}_unchecked"), f"{why}; both could be real numbers")
    for slip, why in _SLIP_WHY.items()
}
_MISSING = _COMPARISONS[DocumentLevel.MISSING]
_SAME = _COMPARISONS[DocumentLevel.SAME]
_OTHER_KIND = _COMPARISONS[DocumentLevel.OTHER_KIND]
_DIFFERENT = _COMPARISONS[DocumentLevel.DIFFERENT]

_NATIONAL_SPACE = "18"
# A fragment, such as the last six digits, is no slip of a number and speaks neither for nor against it.
_FEWEST_DIGITS = 13
# Numbered by the holder, for life; every other format gets a new number with each booklet or card.
_LIFELONG = frozenset({IdType.HK_MACAU_TRAVEL_PERMIT, IdType.TAIWAN_TRAVEL_PERMIT})


def compare_documents(left: Document | None, right: Document | None) -> Comparison:
    """Compares two document numbers; symmetric. A missing or placeholder number is None."""
    if left is None or right is None:
        return _MISSING
    if left.key == right.key:
        return _same(left, right)
    left_space, _, left_number = left.key.partition(":")
    right_space, _, right_number = right.key.partition(":")
    if left_space != right_space:
        return _COMPARISONS[DocumentLevel.SAME_OTHER_LABEL] if left_number == right_number else _OTHER_KIND
    if left_space == _NATIONAL_SPACE:
        return _national(left, right, left_number, right_number)
    if left.id_type is not right.id_type:
        return _OTHER_KIND
    return _unchecked_format(left, right, left_number, right_number)


def _same(left: Document, right: Document) -> Comparison:
    if not (left.unique and right.unique):
        return _COMPARISONS[DocumentLevel.SAME_SHARED]
    return _SAME if left.valid and right.valid else _COMPARISONS[DocumentLevel.SAME_INVALID]


def _national(left: Document, right: Document, left_number: str, right_number: str) -> Comparison:
    if not (left.unique and right.unique):  # a relative's number says nothing against the person's own
        return _OTHER_KIND
    both_valid = left.valid and right.valid
    if both_valid and left.checked and right.checked:
        return _COMPARISONS[DocumentLevel.DIFFERENT_VALID] if left.id_type is right.id_type else _OTHER_KIND
    if min(len(left_number), len(right_number)) < _FEWEST_DIGITS:
        return _OTHER_KIND
    slip = _national_slip(left, right, left_number, right_number)
    if slip is not None:
        return _UNCHECKED[slip] if both_valid else _PROVEN[slip]
    if left.id_type is not right.id_type:
        return _OTHER_KIND
    return _COMPARISONS[DocumentLevel.DIFFERENT_VALID] if both_valid else _DIFFERENT


def _national_slip(left: Document, right: Document, left_number: str, right_number: str) -> NumberSlip | None:
    """The slip in the form in which the numbers were written.

    The check digit of an upgraded 15-digit number is ours, so one slip in the fifteen would count as two; and
    a 15-digit number that lost or gained a digit cannot be upgraded at all.
    """
    whole = len(left_number) == len(right_number) == LENGTH
    if whole and not (_upgraded(left) or _upgraded(right)):
        return number_slip(left_number, right_number)
    old_left, old_right = _old_form(left_number), _old_form(right_number)
    if old_left == old_right:  # only the check digit is wrong
        return NumberSlip.ONE_DIGIT
    in_old_form = number_slip(old_left, old_right)
    if in_old_form not in (None, NumberSlip.TWO_SLIPS):
        return in_old_form
    return number_slip(left_number, right_number) or in_old_form


def _upgraded(document: Document) -> bool:
    return document.id_type is IdType.RESIDENT_ID_CARD and not document.checked


def _old_form(number: str) -> str:
    """The 15 digits of an 18-digit number of the 1900s, else the 17 that the check digit is made of."""
    if len(number) != LENGTH:
        return number
    return number[:6] + number[8:17] if number.startswith("19", 6) else number[:17]


def _unchecked_format(left: Document, right: Document, left_number: str, right_number: str) -> Comparison:
    """Two numbers of one format without a check digit. Two slips between numbers of the right shape are as
    likely two people's, and near household numbers are two neighbours'."""
    slip = number_slip(left_number, right_number)
    both_valid = left.valid and right.valid
    if slip is not None and left.unique and not (slip is NumberSlip.TWO_SLIPS and both_valid):
        return _UNCHECKED[slip] if both_valid else _PROVEN[slip]
    return _DIFFERENT if left.id_type in _LIFELONG else _COMPARISONS[DocumentLevel.REISSUED]
