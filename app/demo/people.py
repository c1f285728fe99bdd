"""The people of the sample: who they are and which systems know them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.demo import documents, names
from app.demo.lunar_birthdays import LUNAR

TODAY = date(2026, 11, 1)
"""The sample's own today: the same people and records whenever it is made."""

MEDICAL, ELDER_CARE, FUNERAL = "medical", "elder_care", "funeral"


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person, as their own documents have them. `systems` are those that know them."""

    number: int
    name: str
    gender: str
    birth_date: date
    id_type: str
    id_number: str
    systems: tuple[str, ...]
    died: date | None = None

    @property
    def age(self) -> int:
        """In whole years, today."""
        birthday_to_come = (TODAY.month, TODAY.day) < (self.birth_date.month, self.birth_date.day)
        return TODAY.year - self.birth_date.year - birthday_to_come

    @property
    def is_plain_resident(self) -> bool:
        """Holds a resident ID and has a Han name without a middle dot."""
        return self.id_type == "resident_id_card" and "·" not in self.name


@dataclass(frozen=True, slots=True)
class Group:
    """So many people of an age range who are known to the same systems."""

    count: int
    ages: tuple[int, int]
    systems: tuple[str, ...]
    deceased: bool = False


GROUPS = (
    Group(620, (60, 96), (MEDICAL, ELDER_CARE)),
    Group(160, (62, 98), (ELDER_CARE,)),
    Group(560, (18, 90), (MEDICAL,)),
    Group(60, (20, 59), (MEDICAL, ELDER_CARE)),
    Group(60, (55, 88), (MEDICAL, FUNERAL)),
    Group(200, (60, 99), (MEDICAL, ELDER_CARE, FUNERAL), deceased=True),
    Group(140, (35, 95), (MEDICAL, FUNERAL), deceased=True),
    Group(40, (65, 99), (ELDER_CARE, FUNERAL), deceased=True),
    Group(60, (45, 99), (FUNERAL,), deceased=True),
    Group(60, (1, 17), (MEDICAL,)),
)
TWINS = 20
NAMESAKES = 20

_Papers = Callable[[Random, str, date], tuple[str, str, str]]


def _resident(rng: Random, gender: str, born: date) -> tuple[str, str, str]:
    name = names.chinese_name(rng, gender, born.year)
    return name, "resident_id_card", documents.resident_number(rng, born, gender)


def _minority(rng: Random, gender: str, born: date) -> tuple[str, str, str]:
    name = names.minority_name(rng, gender)
    return name, "resident_id_card", documents.resident_number(rng, born, gender)


def _foreigner(rng: Random, gender: str, _born: date) -> tuple[str, str, str]:
    return names.foreign_name(rng, gender), "passport", documents.passport_number(rng)


def _hong_kong(rng: Random, gender: str, born: date) -> tuple[str, str, str]:
    name = names.chinese_name(rng, gender, born.year)
    return name, "hk_macau_travel_permit", documents.hong_kong_permit_number(rng)


def _taiwan(rng: Random, gender: str, born: date) -> tuple[str, str, str]:
    name = names.chinese_name(rng, gender, born.year)
    return name, "taiwan_travel_permit", documents.taiwan_permit_number(rng)


_PAPERS: dict[_Papers, int] = {_resident: 92, _minority: 3, _foreigner: 2, _hong_kong: 2, _taiwan: 1}


def make_people(rng: Random) -> list[Person]:
    """2,000 people, no two with the same number."""
    people: list[Person] = []
    taken: set[str] = set()
    birthdays = list(LUNAR)
    for group in GROUPS:
        for _ in range(group.count):
            born = birthdays.pop() if birthdays else _birthday(rng, group)
            person = _member(rng, group, born, len(people))
            while person.id_number in taken:
                person = _member(rng, group, born, len(people))
            taken.add(person.id_number)
            people.append(person)
    people += _lookalikes(people, taken)
    return people


def _birthday(rng: Random, group: Group) -> date:
    return TODAY - timedelta(days=rng.randrange(group.ages[0] * 366, group.ages[1] * 365))


def _member(rng: Random, group: Group, born: date, number: int) -> Person:
    gender = rng.choice(("male", "female"))
    papers = rng.choices(list(_PAPERS), weights=list(_PAPERS.values()))[0]
    name, id_type, id_number = papers(rng, gender, born)
    died = TODAY - timedelta(days=rng.randrange(20, 1500)) if group.deceased else None
    return Person(number, name, gender, born, id_type, id_number, group.systems, died)


def _lookalikes(people: list[Person], taken: set[str]) -> Iterator[Person]:
    """Those who are easily taken for another: twins, and namesakes born on the same day elsewhere."""
    adults = [p for p in people if p.is_plain_resident and len(p.name) == 3 and p.systems == (MEDICAL,)]
    for index, person in enumerate(adults[: TWINS + NAMESAKES]):
        if index < TWINS:
            twin = documents.next_resident_number(person.id_number)
            name = person.name[:2] + ("平" if person.name[2] != "平" else "安")
        else:
            twin = documents.resident_number(Random(person.id_number), person.birth_date, person.gender)
            name = person.name
        if twin not in taken:
            taken.add(twin)
            yield replace(person, number=len(taken) - 1, name=name, id_number=twin)
