"""The levels of agreement of two names, and the phrase that says why."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.matching.comparison import Comparison


class NameLevel(StrEnum):
    """How far two names agree, best first; `missing` is where either is missing.

    The order is that of evidence as a registrar would see it; the model gives each level its weight.
    """

    SAME = "same"
    """The same characters (or, in Latin letters, the same but for case and diacritics)."""
    VARIANT = "variant"
    """Another legal spelling: traditional or yiti characters, a missing middle dot, MUELLER/Müller."""
    RESTORED_VARIANT = "restored_variant"
    """Variants until 2013, names of their own since: 喆/哲, 堃/坤. High, never exact."""
    REORDERED = "reordered"
    """The same parts in another order: SERGEI KIM / KIM SERGEI."""
    ROMANISED = "romanised"
    """The Latin name spells the whole Han name, in pinyin, Wade-Giles or with a known overseas surname."""
    HOMOPHONE = "homophone"
    """One Han character differs and sounds alike but for the tone: 王丽华/王立华."""
    LOOK_ALIKE = "look_alike"
    """One Han character differs and looks alike: 浩/洁."""
    FOLK_SURNAME = "folk_surname"
    """Surnames that registrars wrote for one another: 萧/肖, 覃/谭."""
    NEAR_HOMOPHONE = "near_homophone"
    """One Han character differs and sounds alike to many speakers: n/l, zh/z, -in/-ing, h/f."""
    DOUBLED = "doubled"
    """A character was typed twice: 卢淑艺/卢淑淑艺."""
    SWAPPED = "swapped"
    """Two neighbouring characters changed places: 张桂英/张英桂."""
    SPELLING = "spelling"
    """Slips of one or two letters in a long name in Latin letters or another alphabet; MOHAMED/MUHAMMAD."""
    INSERTED_OR_DROPPED = "inserted_or_dropped"
    """One character more or less: 杜志强/杜志; weak, for 张伟 and 张伟民 are two people."""
    SEVERAL_ALIKE = "several_alike"
    """More than one character differs, each of them sounding or looking alike."""
    ABBREVIATED = "abbreviated"
    """Parts missing or given as initials: JAMES P PARK / JAMES PAVEL PARK, 古丽娜尔 / 古丽娜尔·买买提."""
    UNREADABLE_PART = "unreadable_part"
    """The readable characters agree; others were lost or masked: 张?明 / 张䶮明."""
    ONE_DIFFERENT = "one_different"
    """One character of three or more differs and nothing explains it: brothers, sisters and twins look so."""
    ROMANISED_PARTIAL = "romanised_partial"
    """The Latin name spells the surname or the given name of the Han name, not both."""
    GIVEN_ONLY = "given_only"
    """The given names agree, the surnames do not."""
    SURNAME_ONLY = "surname_only"
    """The surnames agree, the given names do not."""
    NEWBORN = "newborn"
    """A newborn's placeholder (张丽之子) on either side: says little of the child, nothing of the mother."""
    DIFFERENT = "different"
    """Another name."""
    MISSING = "missing"
    """No name on one side or both, or scripts that cannot be compared (大卫·史密斯, DAVID SMITH)."""


_WHY = {
    NameLevel.SAME: "the same name",
    NameLevel.VARIANT: "the same name in another legal spelling",
    NameLevel.RESTORED_VARIANT: "one character differs, a variant until 2013 and a name of its own since",
    NameLevel.REORDERED: "the same parts in another order",
    NameLevel.ROMANISED: "the Latin letters spell the whole Han name",
    NameLevel.HOMOPHONE: "one character differs and sounds the same but for the tone",
    NameLevel.LOOK_ALIKE: "one character differs and looks much the same",
    NameLevel.FOLK_SURNAME: "the surnames are ones that registrars wrote for one another",
    NameLevel.NEAR_HOMOPHONE: "one character differs and sounds the same to many speakers",
    NameLevel.DOUBLED: "one character was typed twice",
    NameLevel.SWAPPED: "two neighbouring characters changed places",
    NameLevel.SPELLING: "one or two letters differ, or vowels alone",
    NameLevel.INSERTED_OR_DROPPED: "one has a character more than the other",
    NameLevel.SEVERAL_ALIKE: "several characters differ, each sounding or looking much the same",
    NameLevel.ABBREVIATED: "one gives fewer parts of the name, or initials",
    NameLevel.UNREADABLE_PART: "agrees where it can be read; some characters were lost or masked",
    NameLevel.ONE_DIFFERENT: "one character differs and nothing explains it",
    NameLevel.ROMANISED_PARTIAL: "the Latin letters spell a part of the Han name",
    NameLevel.GIVEN_ONLY: "the given names agree, the surnames differ",
    NameLevel.SURNAME_ONLY: "the surnames agree, the given names differ",
    NameLevel.NEWBORN: "a newborn's placeholder, which says little of the child",
    NameLevel.DIFFERENT: "another name",
    NameLevel.MISSING: "no name on one side, or scripts that cannot be compared",
}
COMPARISONS: Mapping[NameLevel, Comparison] = {level: Comparison(level, _WHY[level]) for level in NameLevel}
"""One comparison a level, made once: comparing names allocates none."""
