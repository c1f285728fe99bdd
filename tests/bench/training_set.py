"""A labelled set of invented people to train on: `python -m tests.bench.training_set FOLDER [PEOPLE]`.

Surnames and given names are drawn by the shipped shares, the rest of the given names from the characters in
them; half the people are known to a second system, where slips befall them as often as registrars report.
"""

import gzip
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.adapters.reference.model import read_model_document
from app.demo import slips
from app.demo.documents import (
    hong_kong_permit_number,
    passport_number,
    resident_number,
    taiwan_permit_number,
)
from app.demo.names import foreign_name, minority_name
from app.demo.slips import Elements

SEED = 11
_TODAY = date(2026, 11, 1)
OTHER_DOCUMENT = 0.05
"""The share of citizens who are known by something else than a resident ID: people from Hong Kong, Macau and
Taiwan, soldiers, and whoever had only a passport with them."""
_COMMON_GIVEN, _ONE_CHARACTER = 0.35, 0.15


class Names:
    """Chinese names by the model's shares."""

    def __init__(self, rng: Random) -> None:
        shares = read_model_document(None)["term_frequencies"]
        self._rng = rng
        self._surnames: dict[str, float] = shares["surname"]
        self._given: dict[str, float] = shares["given"]
        self.characters = sorted({character for name in self._given for character in name})

    def draw(self) -> str:
        """One name."""
        surname = self._rng.choices(list(self._surnames), list(self._surnames.values()))[0]
        if self._rng.random() < _COMMON_GIVEN:
            return surname + self._rng.choices(list(self._given), list(self._given.values()))[0]
        count = 1 if self._rng.random() < _ONE_CHARACTER else 2
        return surname + "".join(self._rng.choices(self.characters, k=count))


def person(rng: Random, names: Names) -> Elements:
    """One person as their documents have them."""
    gender = rng.choice(("male", "female"))
    born = _TODAY - timedelta(days=int(rng.triangular(365, 36_000, 22_000)))
    kind = rng.random()
    id_type, number = "resident_id_card", resident_number(rng, born, gender)
    if kind < 0.03:
        name, id_type, number = foreign_name(rng, gender), "passport", passport_number(rng)
    elif kind < 0.06:
        name = minority_name(rng, gender)
    else:
        name = names.draw()
        if kind < 0.06 + OTHER_DOCUMENT:
            id_type, number = _other_document(rng)
    return {
        "name": name,
        "gender": gender,
        "birth_date": born.isoformat(),
        "id_type": id_type,
        "id_number": number,
    }


def _other_document(rng: Random) -> tuple[str, str]:
    """What people are known by beside the resident ID."""
    return rng.choice(
        (
            ("passport", f"E{rng.randrange(10**7, 10**8)}"),
            ("hk_macau_travel_permit", hong_kong_permit_number(rng)),
            ("taiwan_travel_permit", taiwan_permit_number(rng)),
            ("military_officer", f"军字第{rng.randrange(10**6, 10**7)}号"),
        )
    )


def with_other_document(rng: Random, elements: Elements) -> bool:
    """They came with another document the second time."""
    elements["id_type"], elements["id_number"] = _other_document(rng)
    return True


def mistyped_birth_date(rng: Random, elements: Elements) -> bool:
    """Ten days, ten years, a year or a few days off, or day and month exchanged."""
    born = date.fromisoformat(elements["birth_date"] or "")
    way = rng.random()
    try:
        if way < 0.3:
            slipped = born.replace(day=born.day + 10 if born.day <= 18 else born.day - 10)
        elif way < 0.6:
            slipped = born.replace(year=born.year + rng.choice((-10, -1, 1, 10)))
        elif way < 0.8:
            slipped = born.replace(month=born.day, day=born.month)
        else:
            slipped = born - timedelta(days=rng.randint(1, 9))
    except ValueError:
        return False
    elements["birth_date"] = min(slipped, _TODAY).isoformat()
    return slipped != born


def wrong_gender(_rng: Random, elements: Elements) -> bool:
    """The other box was ticked."""
    elements["gender"] = "male" if elements["gender"] == "female" else "female"
    return True


SLIPS: dict[Callable[[Random, Elements], bool], float] = {
    slips.homophone: 0.006,
    slips.traditional: 0.015,
    slips.spaced: 0.01,
    slips.without_number: 0.08,
    slips.old_number: 0.03,
    with_other_document: 0.08,
    slips.loosely_typed_number: 0.02,
    slips.first_of_month: 0.01,
    slips.gender_left_out: 0.02,
    mistyped_birth_date: 0.012,
    wrong_gender: 0.002,
}
"""How often each slip befalls a second record."""


def slipped(rng: Random, elements: Elements) -> Elements:
    """The same person in another system."""
    copy = dict(elements)
    for slip, share in SLIPS.items():
        if rng.random() < share:
            slip(rng, copy)
    return copy


def write(folder: Path, count: int) -> None:
    """Writes the set: customers, second records, and no probes."""
    rng = Random(SEED)
    names = Names(rng)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        gzip.open(folder / "customers.ndjson.gz", "wt", encoding="utf-8") as customers,
        gzip.open(folder / "second_records.ndjson.gz", "wt", encoding="utf-8") as second,
    ):
        for number in range(count):
            elements, local = person(rng, names), {"source_system": "medical", "local_id": str(number)}
            _line(customers, {**local, **elements})
            if rng.random() < 0.5:
                other = {"source_system": "elder_care", "local_id": str(number), "same_as": local}
                _line(second, {**other, "expect": "careful", "elements": slipped(rng, elements)})


def _line(out: Any, row: dict[str, Any]) -> None:
    out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
