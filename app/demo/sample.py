"""The sample as a whole: source rows of three systems, business records, probes with their right answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from app.demo.documents import resident_number
from app.demo.lunar_birthdays import LUNAR
from app.demo.people import ELDER_CARE, FUNERAL, MEDICAL, Person, make_people
from app.demo.records import Record, records_of
from app.demo.slips import HOMOPHONES, SLIPS, Elements, lunar_date

SEED = 20261101
SLIP_RATE = 0.3
STRANGER = Person(-1, "令狐望舒", "female", next(iter(LUNAR)), "resident_id_card", "", ())

Local = tuple[str, str]
"""(source system, local ID)."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one system says of one person."""

    person: Person
    local: Local
    elements: Elements
    slipped: bool

    def as_json(self) -> str:
        """A line of the file that `cdc import` reads."""
        system, local_id = self.local
        row = {"source_system": system, "local_id": local_id, **self.elements}
        return json.dumps({**row, "deceased": self.person.died is not None}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Example:
    """Five elements to ask for and the outcome that is right. `about` says what makes it worth asking."""

    elements: Elements
    expect: str
    about: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything that is loaded. `records` go by the local ID of the row they belong to."""

    rows: tuple[SourceRow, ...]
    records: dict[Local, list[Record]]

    def write_rows(self, path: Path) -> None:
        """NDJSON, one source row a line."""
        path.write_text("".join(f"{row.as_json()}\n" for row in self.rows), encoding="utf-8")


def make_sample() -> Sample:
    """The same sample every time."""
    rng = Random(SEED)
    rows = tuple(row for person in make_people(rng) for row in _rows_of(rng, person))
    return Sample(rows, {row.local: records_of(rng, row.person, row.local[0]) for row in rows})


def _rows_of(rng: Random, person: Person) -> Iterator[SourceRow]:
    """The first system has the person right; on the way into the next ones something may slip."""
    for index, system in enumerate(person.systems):
        elements = true_elements(person)
        slipped = index > 0 and _slip(rng, elements)
        style(elements, system)
        yield SourceRow(person, (system, f"{_PREFIXES[system]}{person.number:05d}"), elements, slipped)


_PREFIXES = {MEDICAL: "M", ELDER_CARE: "E", FUNERAL: "F"}


def true_elements(person: Person) -> Elements:
    """The five as the person's documents have them."""
    return {
        "name": person.name,
        "gender": person.gender,
        "birth_date": person.birth_date.isoformat(),
        "id_type": person.id_type,
        "id_number": person.id_number,
    }


def _slip(rng: Random, elements: Elements) -> bool:
    if lunar_date(rng, elements):
        return True
    if rng.random() >= SLIP_RATE:
        return False
    slip = rng.choices(list(SLIPS), weights=list(SLIPS.values()))[0]
    return slip(rng, elements)


_ID_TYPE_CODES = {
    "resident_id_card": "01",
    "passport": "03",
    "hk_macau_travel_permit": "06",
    "taiwan_travel_permit": "07",
}
_GENDERS = {
    ELDER_CARE: {"male": "男", "female": "女", "unknown": "unknown"},
    FUNERAL: {"male": "1", "female": "2", "unknown": "0"},
}


def style(elements: Elements, system: str) -> None:
    """Each system writes codes and dates in its own way; none of it is an error."""
    if system == MEDICAL:
        return
    born, gender, id_type = elements["birth_date"], elements["gender"], elements["id_type"]
    if born is not None:
        year, month, day = born.split("-")
        elements["birth_date"] = (
            f"{year}/{int(month)}/{int(day)}" if system == ELDER_CARE else year + month + day
        )
    if gender is not None:
        elements["gender"] = _GENDERS[system][gender]
    if id_type is not None:
        elements["id_type"] = _ID_TYPE_CODES[id_type]


def choose_examples(sample: Sample, customer_ids: dict[Local, str]) -> list[Example]:
    """Probes on living adults whom the hospital and the home both know, under one master customer ID."""
    known = [
        p for p in _known_to_both(sample, customer_ids) if p.name[-1].translate(HOMOPHONES) != p.name[-1]
    ]
    first, second, third, misspelt, without, borrowed = known[:6]
    return [
        *(Example(true_elements(p), "match", "as the documents have it") for p in (first, second, third)),
        _changed(misspelt, "match", "the name is misspelt by ear", name=_misspell(misspelt.name)),
        _changed(
            without, "review", "without a document anybody could be meant", id_type=None, id_number=None
        ),
        _changed(borrowed, "no_match", "another person's number", id_number=_other_number(borrowed)),
        _changed(STRANGER, "no_match", "nobody we know", id_number=_other_number(STRANGER)),
    ]


def _known_to_both(sample: Sample, customer_ids: dict[Local, str]) -> Iterator[Person]:
    rows = {row.local: row for row in sample.rows if not row.slipped}
    for (system, local_id), row in rows.items():
        home = (ELDER_CARE, f"{_PREFIXES[ELDER_CARE]}{local_id[1:]}")
        if system != MEDICAL or home not in rows:
            continue
        person, customer_id = row.person, customer_ids.get(row.local)
        plain = person.is_plain_resident and len(person.name) == 3
        living_adult = person.died is None and person.age >= 18
        if plain and living_adult and customer_id is not None and customer_id == customer_ids.get(home):
            yield person


def _misspell(name: str) -> str:
    return name[:-1] + name[-1].translate(HOMOPHONES)


def _other_number(person: Person) -> str:
    return resident_number(Random(person.name), person.birth_date, person.gender)


def _changed(person: Person, expect: str, about: str, **changes: str | None) -> Example:
    return Example({**true_elements(person), **changes}, expect, about)
