"""Comparing two names in Han characters, character by character."""

from collections.abc import Sequence
from itertools import islice

from rapidfuzz.distance import OSA

from app.core.identity.names.characters import DOT, UNREADABLE
from app.core.identity.names.name import Name
from app.core.identity.names.pinyin import heard_alike
from app.core.identity.tables import Readings, ReferenceTables
from app.core.matching.comparisons.name_level import NameLevel

_SHORTEST_SOUND, _SHORTEST_SOUND_FOR_TWO = 5, 7  # letters; 艾山 and 玉山, twins' names, are six and two apart
_LIKE_ENOUGH = 0.6  # of two characters' shapes; nearly all hand-picked look-alikes lie above
_SOFT = frozenset(
    {NameLevel.FOLK_SURNAME, NameLevel.RESTORED_VARIANT, NameLevel.HOMOPHONE, NameLevel.LOOK_ALIKE}
)


def compare_han(left: Name, right: Name, tables: ReferenceTables) -> NameLevel:
    """The level of two Han names whose folded forms differ; symmetric."""
    a, b = left.folded, right.folded
    if DOT in a or DOT in b:
        a, b = a.replace(DOT, ""), b.replace(DOT, "")
        if a == b:
            return NameLevel.VARIANT
    if UNREADABLE in a or UNREADABLE in b:
        return _unreadable(left, right, a, b)
    return (
        _reordered(left, right, a, b)
        or (_aligned(left, right, a, b, tables) if len(a) == len(b) else _shortened(left, right, a, b))
        or _transcribed_otherwise(left, right)
        or _by_part(left, right)
    )


def _unreadable(left: Name, right: Name, a: str, b: str) -> NameLevel:
    if len(a) != len(b):
        return NameLevel.UNREADABLE_PART if left.surname == right.surname != "" else NameLevel.DIFFERENT
    readable = [(x, y) for x, y in zip(a, b, strict=True) if x != UNREADABLE != y]
    if not readable:
        return NameLevel.MISSING
    return NameLevel.UNREADABLE_PART if all(x == y for x, y in readable) else NameLevel.DIFFERENT


def _reordered(left: Name, right: Name, a: str, b: str) -> NameLevel | None:
    """Given name first (伟张, 小明王), or the parts of a name with middle dots exchanged or left out."""
    if left.surname and (left.given + left.surname == b or right.given + right.surname == a):
        return NameLevel.REORDERED
    if len(left.parts) == len(right.parts) == 1:
        return None
    if sorted(left.parts) == sorted(right.parts):
        return NameLevel.REORDERED
    shorter, longer = sorted((left.parts, right.parts), key=len)
    if len(shorter) < len(longer) and all(part in longer for part in shorter):
        return NameLevel.ABBREVIATED
    return None


def _aligned(left: Name, right: Name, a: str, b: str, tables: ReferenceTables) -> NameLevel | None:
    differing = [i for i in range(len(a)) if a[i] != b[i]]
    if len(differing) == 2:
        i, j = differing
        if j == i + 1 and a[i] == b[j] and a[j] == b[i]:
            return NameLevel.SWAPPED
    left_readings = left.surname_readings + left.given_readings
    right_readings = right.surname_readings + right.given_readings
    surname = min(len(left.surname), len(right.surname))
    if len(differing) == 1:
        i = differing[0]
        likeness = _likeness(a[i], b[i], left_readings[i], right_readings[i], i < surname, tables)
        return likeness or _one_different(left, right, i < surname)
    for i in differing:
        if _likeness(a[i], b[i], left_readings[i], right_readings[i], i < surname, tables) not in _SOFT:
            return None
    return NameLevel.SEVERAL_ALIKE


def _one_different(left: Name, right: Name, in_surname: bool) -> NameLevel | None:
    if alike := _transcribed_otherwise(left, right):
        return alike
    if in_surname and left.given == right.given:
        return NameLevel.GIVEN_ONLY
    return NameLevel.ONE_DIFFERENT if len(left.folded) > 2 else None


def _likeness(
    x: str, y: str, x_readings: Readings, y_readings: Readings, in_surname: bool, tables: ReferenceTables
) -> NameLevel | None:
    """Why one character may have been written for another; None where nothing explains it."""
    if in_surname and y in tables.folk_surnames.get(x, ()):
        return NameLevel.FOLK_SURNAME
    if y in tables.name_distinct.get(x, ()):
        return NameLevel.RESTORED_VARIANT
    if any(reading in y_readings for reading in x_readings):
        return NameLevel.HOMOPHONE
    if tables.look_alikes.get(x + y if x < y else y + x, 0.0) >= _LIKE_ENOUGH:
        return NameLevel.LOOK_ALIKE
    if _heard_alike(x_readings, y_readings):
        return NameLevel.NEAR_HOMOPHONE
    return None


def _heard_alike(left: Sequence[str], right: Sequence[str]) -> bool:
    heard = {heard_alike(reading) for reading in left}
    return any(heard_alike(reading) in heard for reading in right)


def _shortened(left: Name, right: Name, a: str, b: str) -> NameLevel | None:
    shorter, longer = (a, b) if len(a) < len(b) else (b, a)
    if len(shorter) < 2:
        return None
    more = _one_more(shorter, longer) if len(longer) == len(shorter) + 1 else None
    if more is NameLevel.DOUBLED or (left.surname and right.surname):
        return more
    return NameLevel.ABBREVIATED if longer.startswith(shorter) else more


def _one_more(shorter: str, longer: str) -> NameLevel | None:
    """A doubled character is a slip of the hand, save where 王丽 and 王丽丽 may well be two people."""
    at = next((i for i in range(len(shorter)) if shorter[i] != longer[i]), len(shorter))
    if longer[at + 1 :] != shorter[at:]:
        return None
    doubled = at > 0 and longer[at] == longer[at - 1] and (len(shorter) > 2 or at == 1)
    return NameLevel.DOUBLED if doubled else NameLevel.INSERTED_OR_DROPPED


def _transcribed_otherwise(left: Name, right: Name) -> NameLevel | None:
    """吐尔逊 / 图尔荪, 艾合买提 / 艾海提: names of another tongue in characters of nearly the same sound."""
    if left.surname or right.surname or len(left.parts) != len(right.parts):
        return None
    pairs = zip(_sounds(left), _sounds(right), strict=True)
    return NameLevel.SEVERAL_ALIKE if all(_sound_alike(x, y) for x, y in pairs) else None


def _sounds(name: Name) -> list[str]:
    readings = iter(name.given_readings)
    return ["".join(r[0] for r in islice(readings, len(part)) if r) for part in name.parts]


def _sound_alike(left: str, right: str) -> bool:
    shorter = min(len(left), len(right))
    slips = 0 if shorter < _SHORTEST_SOUND else 1 if shorter < _SHORTEST_SOUND_FOR_TWO else 2
    return OSA.distance(left, right, score_cutoff=slips) <= slips


def _by_part(left: Name, right: Name) -> NameLevel:
    if left.surname and right.surname:
        if left.surname == right.surname:
            return NameLevel.SURNAME_ONLY
        return NameLevel.GIVEN_ONLY if left.given == right.given else NameLevel.DIFFERENT
    if (
        len(left.parts) > 1 and len(right.parts) > 1
    ):  # the person's own name first, the father's or family's last
        if left.parts[0] == right.parts[0]:
            return NameLevel.GIVEN_ONLY
        if left.parts[-1] == right.parts[-1]:
            return NameLevel.SURNAME_ONLY
    return NameLevel.DIFFERENT
