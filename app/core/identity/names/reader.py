"""Reading a name as typed into a name as understood."""

import re

from app.core.identity.names.characters import DOT, IDEOGRAPHS, UNREADABLE, clean_characters
from app.core.identity.names.decorations import (
    cut_around_han,
    cut_around_latin,
    cut_brackets,
    cut_title_behind_surname,
)
from app.core.identity.names.han import (
    fold_han,
    given_readings,
    mark_pinyin,
    split_surname,
    surname_readings,
    tidy,
)
from app.core.identity.names.latin import (
    fold_latin,
    fold_other,
    from_machine_readable,
    script_of,
    surname_before_comma,
)
from app.core.identity.names.name import Name, Script
from app.core.identity.names.placeholders import is_no_name
from app.core.identity.names.relatives import (
    is_of_another_person,
    is_relative_of_named,
    mother_of_newborn,
    mother_of_newborn_in_latin,
)
from app.core.identity.names.tibetan import in_tibetan_words, tibetan_words
from app.core.identity.tables import ReferenceTables

_PLAIN = re.compile(
    "[\u4e00-\u9fff]{1,2}[\u4e00-\u9fff](?<![生士姐太人志师師傅医姨爷爺妈媽奶子女婴嬰儿兒某])(?<!某.)"
)
"""Two or three Han characters that do not end as titles, 张某 and newborns' placeholders do."""
_HAN = re.compile(f"[{IDEOGRAPHS}]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]{2}")
_BETWEEN_SCRIPTS = re.compile(r"[\s/,;|]+")
Notes = tuple[str, ...]


def read_name(text: str, tables: ReferenceTables) -> Name | None:
    """The name in a text; None where there is none (blank, a word for "unknown", nothing readable)."""
    return read_name_with_notes(text, tables)[0]


def read_name_with_notes(text: str, tables: ReferenceTables) -> tuple[Name | None, Notes]:
    """The name, and stable codes of what was seen on the way.

    `placeholder_name`, `decoration_cut`, `other_script_cut`, `title_for_given_name`, `unreadable_characters`,
    `newborn_placeholder`, `relative_named`. Any text is taken; limits of length are the caller's.
    """
    if _PLAIN.fullmatch(text) and not is_no_name((plain := _plain_han(text, tables)).folded):
        return plain, ()
    name, notes = _read_once(text, tables)
    if name is None or name.text == text:
        return name, notes
    again, more = read_name_with_notes(name.text, tables)  # cutting may lay bare what else is to be cut
    return again, tuple(dict.fromkeys(notes + more))


def _read_once(text: str, tables: ReferenceTables) -> tuple[Name | None, Notes]:
    cleaned = clean_characters(text, tables.private_use)
    bare = cut_brackets(cleaned)
    if is_no_name(cleaned) or is_no_name(bare):
        return None, ("placeholder_name",) if cleaned else ()
    notes: Notes = ("decoration_cut",) if bare != cleaned else ()
    name, more = _read_han(bare, tables) if _HAN.search(bare) else _read_alphabetic(bare)
    return name, notes + more


def _read_han(text: str, tables: ReferenceTables) -> tuple[Name | None, Notes]:
    han = _han_part(text)
    notes: Notes = ("other_script_cut",) if han != text else ()
    if surname := _surname_with_title(han, tables):
        return _plain_han(surname + UNREADABLE, tables), (
            *notes,
            "title_for_given_name",
            "unreadable_characters",
        )
    bare = cut_around_han(han)
    if bare != han:
        notes += ("decoration_cut",)
    tidied = mark_pinyin(tidy(bare), tables)
    folded = fold_han(tidied, tables)
    if is_no_name(folded):
        return None, (*notes, "placeholder_name")
    if is_relative_of_named(folded):
        return None, (*notes, "relative_named")
    if mother := _mother(folded, tables):
        return _newborn(tidied, Script.HAN, folded, mother), (*notes, "newborn_placeholder")
    if UNREADABLE in tidied:
        notes += ("unreadable_characters",)
    return _plain_han(tidied, tables), notes


def _surname_with_title(text: str, tables: ReferenceTables) -> str | None:
    """李 of `李先生`, 欧阳 of `欧阳女士`: the given name is not known."""
    tidied = tidy(text)
    surname = cut_title_behind_surname(tidied)
    return surname if surname != tidied and fold_han(surname, tables) in tables.surname_shares else None


def _han_part(text: str) -> str:
    """张伟 of `张伟 ZHANG WEI`; the text itself where the scripts do not stand apart."""
    if not _LATIN.search(text):
        return text
    pieces = _BETWEEN_SCRIPTS.split(text)
    if any(is_of_another_person(piece) for piece in pieces):  # 张丽 BABY
        return "".join(pieces)
    han = [piece for piece in pieces if _HAN.search(piece)]
    return text if any(_LATIN.search(piece) for piece in han) else " ".join(han)


def _mother(folded: str, tables: ReferenceTables) -> str | None:
    mother = mother_of_newborn(folded)
    if mother is not None and len(mother) == 2 and mother in tables.surname_shares and "之" not in folded:
        return None  # 欧阳小宝: a surname and a given name
    return mother


def _newborn(text: str, script: Script, folded: str, mother: str) -> Name:
    return Name(text, script, folded, surname="", given="", parts=(folded,), placeholder_for=mother)


def _plain_han(text: str, tables: ReferenceTables) -> Name:
    folded = fold_han(text, tables)
    if DOT in folded:
        parts = tuple(folded.split(DOT))
        surname, given = "", "".join(parts)
    else:
        parts = tibetan_words(folded) if in_tibetan_words(folded) else (folded,)
        surname, given = split_surname(folded, tables)
    return Name(
        text=text,
        script=Script.HAN,
        folded=folded,
        surname=surname,
        given=given,
        parts=parts,
        surname_readings=surname_readings(surname, tables) if surname else (),
        given_readings=given_readings(given, tables),
    )


def _read_alphabetic(text: str) -> tuple[Name | None, Notes]:
    text = from_machine_readable(text) if "<" in text else text
    script = script_of(text)
    fold = fold_latin if script is Script.LATIN else fold_other
    bare = cut_around_latin(text) if script is Script.LATIN else text
    notes: Notes = ("decoration_cut",) if bare != text else ()
    folded = fold(bare)
    if not folded or is_no_name(bare):
        return None, (*notes, "placeholder_name")
    if mother := mother_of_newborn_in_latin(bare):
        return _newborn(bare, script, folded, fold(mother)), (*notes, "newborn_placeholder")
    halves = surname_before_comma(bare)
    surname, given = (fold(halves[0]), fold(halves[1])) if halves else ("", "")
    return Name(bare, script, folded, surname, given, tuple(folded.split(" "))), notes
