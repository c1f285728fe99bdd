"""Invented people in any number, and the five elements as a desk would ask for them."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from app.demo.documents import resident_number
from app.demo.names import chinese_name
from app.demo.slips import homophone, mistyped_number

SEED = 20261121
SECOND_RECORD = 0.25
"""The share of people whom two systems know."""
_FIRST_BIRTHDAY = date(1930, 1, 1)
_DAYS = 34_600


@dataclass(frozen=True, slots=True)
class Elements:
    """The five, as `POST /v1/match` takes them."""

    name: str
    gender: str
    birth_date: str
    id_type: str
    id_number: str

    def as_json(self) -> dict[str, str | None]:
        """A request body."""
        return asdict(self)


def make_people(count: int) -> Iterator[Elements]:
    """The same people in the same order every time, no two with one number."""
    rng, taken = Random(SEED), set[str]()
    while len(taken) < count:
        born = _FIRST_BIRTHDAY + timedelta(days=rng.randrange(_DAYS))
        gender = rng.choice(("male", "female"))
        number = resident_number(rng, born, gender)
        if number not in taken:
            taken.add(number)
            name = chinese_name(rng, gender, born.year)
            yield Elements(name, gender, born.isoformat(), "resident_id_card", number)


def write_rows(people: list[Elements], path: Path) -> int:
    """Writes source rows for `cdc import`; how many there are."""
    rng, rows = Random(SEED + 1), 0
    with path.open("w", encoding="utf-8") as file:
        for number, person in enumerate(people):
            systems = ("hospital", "care-home") if rng.random() < SECOND_RECORD else ("hospital",)
            for system in systems:
                row = {"source_system": system, "local_id": f"{number:08d}", **person.as_json()}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            rows += len(systems)
    return rows


def with_one_typo(rng: Random, person: Elements) -> Elements:
    """The name misspelt by ear, one digit of the number wrong, or one of the birth date: each as often."""
    slip = rng.choice((homophone, mistyped_number, _mistyped_date))
    body = person.as_json()
    if not slip(rng, body):
        mistyped_number(rng, body)
    return Elements(**{name: value or "" for name, value in body.items()})


def _mistyped_date(rng: Random, elements: dict[str, str | None]) -> bool:
    born = date.fromisoformat(elements["birth_date"] or "")
    day = born.day // 10 * 10 + (born.day % 10 + rng.randrange(1, 10)) % 10
    try:
        elements["birth_date"] = born.replace(day=day).isoformat()
    except ValueError:
        return False
    return True
