"""The packaged reference tables, read once from tab-separated files (data/SOURCES.md says whence)."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from app.core.identity.documents.document import IdType
from app.core.identity.names.pinyin import passport_spellings
from app.core.identity.tables import Readings, ReferenceTables


@cache
def load_reference_tables() -> ReferenceTables:
    """All tables; the same object on every call, so that caches keyed by it hold."""
    shares, surname_readings = _surnames()
    readings = _readings("readings", "pinyin")
    return ReferenceTables(
        folds={ord(row["char"]): row["standard"] for row in _rows("character_folds")},
        private_use={int(row["code_point"], 16): row["char"] for row in _rows("private_use")},
        name_distinct=_twins("name_distinct"),
        folk_surnames=_twins("folk_surnames"),
        readings=readings,
        cantonese=_readings("cantonese", "jyutping"),
        syllables=_syllables(readings),
        surname_readings=surname_readings,
        pinyin_surnames=_pinyin_surnames(surname_readings),
        surname_shares=shares,
        romanisations=_romanisations(),
        look_alikes={row["a"] + row["b"]: float(row["likeness"]) for row in _rows("look_alikes")},
        id_types=_id_types(),
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    source = files("app.adapters.reference").joinpath("data", f"{table}.tsv")
    with source.open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _twins(table: str) -> dict[str, frozenset[str]]:
    twins: dict[str, set[str]] = defaultdict(set)
    for row in _rows(table):
        twins[row["a"]].add(row["b"])
        twins[row["b"]].add(row["a"])
    return {char: frozenset(others) for char, others in twins.items()}


def _readings(table: str, system: str) -> dict[str, Readings]:
    usual: dict[str, str] = {}
    also: dict[str, list[str]] = defaultdict(list)
    for row in _rows(table):
        usual.update(dict.fromkeys(row["usual"], row[system]))
        for char in row["also"]:
            also[char].append(row[system])
    return {char: (reading, *also.get(char, ())) for char, reading in usual.items()}


def _syllables(readings: dict[str, Readings]) -> frozenset[str]:
    known = {reading for several in readings.values() for reading in several}
    spelled = {syllable.replace("v", u) for syllable in known for u in ("v", "u", "yu")}
    return frozenset(syllable for syllable in spelled if set(syllable) & set("aeiouv"))


def _pinyin_surnames(surnames: dict[str, tuple[Readings, ...]]) -> frozenset[str]:
    first_readings = ("".join(readings[0] for readings in characters) for characters in surnames.values())
    return frozenset(spelling for surname in first_readings for spelling in passport_spellings(surname))


def _surnames() -> tuple[dict[str, float], dict[str, tuple[Readings, ...]]]:
    shares: dict[str, float] = {}
    readings: dict[str, tuple[Readings, ...]] = {}
    for row in _rows("surnames"):
        shares[row["surname"]] = float(row["ppm"])
        readings[row["surname"]] = tuple(tuple(char.split("|")) for char in row["readings"].split(" "))
    return shares, readings


def _romanisations() -> dict[str, frozenset[str]]:
    spellings: dict[str, set[str]] = defaultdict(set)
    for row in _rows("surname_romanisations"):
        spellings[row["surname"]].add(row["spelling"])
    return {surname: frozenset(known) for surname, known in spellings.items()}


def _id_types() -> dict[str, IdType]:
    return {row["code"]: IdType(row["id_type"]) for row in _rows("id_types")}
