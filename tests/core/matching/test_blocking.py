"""Blocking: whatever one slip does to a person, a key is left."""

from collections.abc import Callable

import pytest

from app.core.identity.elements import IdentityElements
from app.core.matching.blocking import NAME, NAME_UNDATED, blocking_keys, probe_keys

Elements = tuple[str | None, ...]
Person = Callable[[Elements], IdentityElements]

STORED = ("王丽华", "female", "1980-02-29", "resident_id_card", "110105198002290021")

SLIPS = [
    ("homophone in the name", ("王立华", "female", "1980-02-29", None, None)),
    ("look-alike surname", ("玉丽华", "female", "1980-02-29", None, None)),
    ("traditional characters", ("王麗華", "female", "1980-02-29", None, None)),
    ("characters swapped", ("王华丽", "female", "1980-02-29", None, None)),
    ("character doubled", ("王丽丽华", "female", "1980-02-29", None, None)),
    ("pinyin, surname last", ("LIHUA WANG", "female", "1980-02-29", None, None)),
    ("pinyin in syllables", ("WANG LI HUA", "female", "1980-02-29", None, None)),
    ("pinyin with a hyphen", ("WANG LI-HUA", "female", "1980-02-29", None, None)),
    ("another day", ("王丽华", "female", "1980-02-19", None, None)),
    ("another year", ("王丽华", "female", "1990-02-28", "resident_id_card", "110105198002290021")),
    ("number only", (None, None, None, "resident_id_card", "110105198002290021")),
    ("no date, digit wrong in the region", ("王丽华", None, None, "resident_id_card", "110165198002290021")),
    ("no date, digit wrong in the year", ("王丽华", None, None, "resident_id_card", "110105196002290021")),
    ("no date, digit wrong at the end", ("王丽华", None, None, "resident_id_card", "110105198002290081")),
    ("no date, digit dropped in the middle", ("王丽华", None, None, "resident_id_card", "11010519800290021")),
    ("no date, swap across the pieces", ("王丽华", None, None, "resident_id_card", "110105198020290021")),
    ("name alone", ("王丽华", None, None, None, None)),
]


@pytest.mark.parametrize("elements", [e for _, e in SLIPS], ids=[what for what, _ in SLIPS])
def test_a_slip_leaves_a_key_in_common(person: Person, elements: Elements) -> None:
    stored = set(blocking_keys(person(STORED)))
    assert stored & set(probe_keys(person(elements)))


def test_every_reading_is_asked_for(person: Person) -> None:
    stored = set(blocking_keys(person(("吕单芳", "female", "1975-05-05", None, None))))
    for spelling in ("LYU SHANFANG", "Danfang Lv", "LU DANFANG"):
        assert stored & set(probe_keys(person((spelling, "female", "1975-05-05", None, None)))), spelling


def test_a_name_in_latin_letters_finds_the_han_name_however_it_is_spelt(person: Person) -> None:
    han = person(("陈大文", "male", "1975-05-05", None, None))
    latin = person(("CHAN TAI MAN", "male", "1975-05-05", None, None))
    assert set(blocking_keys(han)) & set(probe_keys(latin))
    assert set(blocking_keys(latin)) & set(probe_keys(han))


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("买买提·吐尔逊", "买买提"),
        ("买买提·吐尔逊", "吐尔逊"),
        ("白玛央金", "央金"),
        ("买买提·吐尔逊", "麦麦提·图尔荪"),
    ],
)
def test_one_part_of_a_minority_name_finds_the_whole_and_the_other_way_round(
    person: Person, whole: str, part: str
) -> None:
    one = person((whole, "male", "1975-05-05", None, None))
    other = person((part, "male", "1975-05-05", None, None))
    assert set(blocking_keys(one)) & set(probe_keys(other))
    assert set(blocking_keys(other)) & set(probe_keys(one))


def test_a_lunar_date_before_new_year_finds_the_solar_one_after_it(person: Person) -> None:
    stored = set(blocking_keys(person(("李秀英", "female", "1943-01-10", None, None))))
    assert stored & set(probe_keys(person(("李秀英", "female", "1942-12-05", None, None))))


def test_a_record_without_date_is_found_by_one_with_a_date_and_the_other_way_round(person: Person) -> None:
    dated, undated = (
        person(("欧阳修远", None, "1990-01-02", None, None)),
        person(("欧阳修远", None, None, None, None)),
    )
    assert {k.rule for k in set(blocking_keys(undated)) & set(probe_keys(dated))} == {NAME_UNDATED}
    assert {k.rule for k in set(blocking_keys(dated)) & set(probe_keys(undated))} == {NAME}


def test_what_is_missing_gives_no_key(person: Person) -> None:
    assert blocking_keys(person((None, None, None, None, None))) == ()
    assert blocking_keys(person(("无名氏", "male", "1900-01-01", None, "不详"))) == ()


def test_strangers_share_none(person: Person) -> None:
    other = person(("张伟", "male", "1971-03-04", "resident_id_card", "110105197103040019"))
    assert not set(blocking_keys(person(STORED))) & set(probe_keys(other))


def test_keys_are_distinct_and_few(person: Person) -> None:
    for elements in (STORED, ("古丽娜尔·买买提", None, "1990-01-02", "passport", "E12345678")):
        keys = blocking_keys(person(elements))
        assert len(set(keys)) == len(keys) <= 16
