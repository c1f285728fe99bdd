"""The sample is the same every time, right in form, and rich enough to show something."""

from collections import Counter
from datetime import date

import pytest

from app.demo.documents import check_character, fifteen_digits, next_resident_number
from app.demo.people import ELDER_CARE, FUNERAL, MEDICAL, TODAY
from app.demo.sample import Local, Sample, choose_examples, make_sample
from app.health_data_center.records.record import RECORD


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample()


def customer_ids(sample: Sample) -> dict[Local, str]:
    """As if every row had been linked to the right person."""
    return {row.local: f"C{row.person.number}" for row in sample.rows}


def test_is_the_same_every_time(sample: Sample) -> None:
    assert make_sample() == sample


def test_knows_two_thousand_people_in_three_systems(sample: Sample) -> None:
    systems_of = {row.person.number: row.person.systems for row in sample.rows}
    assert len(systems_of) == 2000
    assert {system for systems in systems_of.values() for system in systems} == {MEDICAL, ELDER_CARE, FUNERAL}
    assert sum(len(systems) > 1 for systems in systems_of.values()) > 1000


def test_local_ids_and_numbers_are_unique(sample: Sample) -> None:
    assert len({row.local for row in sample.rows}) == len(sample.rows)
    people = {row.person for row in sample.rows}
    assert len({person.id_number for person in people}) == len(people)


def test_resident_numbers_are_valid_and_agree_with_their_holder(sample: Sample) -> None:
    for person in {row.person for row in sample.rows if row.person.id_type == "resident_id_card"}:
        number = person.id_number
        assert number[17] == check_character(number[:17])
        assert date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}") == person.birth_date
        assert (int(number[16]) % 2 == 1) == (person.gender == "male")


@pytest.mark.parametrize(
    ("number", "check"),
    [("11010519491231002", "X"), ("44052418800101001", "4")],
    ids=["example of GB 11643, woman", "example of GB 11643, man"],
)
def test_check_character(number: str, check: str) -> None:
    assert check_character(number) == check


def test_old_and_neighbouring_numbers() -> None:
    assert fifteen_digits("11010519491231002X") == "110105491231002"
    assert next_resident_number("11010519491231002X")[:17] == "11010519491231004"


def test_the_deceased_are_those_with_a_funeral(sample: Sample) -> None:
    for row in sample.rows:
        if row.person.died is not None:
            assert FUNERAL in row.person.systems
            assert row.person.birth_date < row.person.died < TODAY


def test_some_rows_differ_from_the_truth_but_most_do_not(sample: Sample) -> None:
    later = [row for row in sample.rows if row.local[0] != row.person.systems[0]]
    assert 0.1 < sum(row.slipped for row in later) / len(later) < 0.4
    assert not any(row.slipped for row in sample.rows if row.local[0] == row.person.systems[0])


def test_every_record_is_one_that_the_health_data_center_takes(sample: Sample) -> None:
    kinds = Counter[str]()
    for records in sample.records.values():
        assert records
        for record in records:
            kinds[RECORD.validate_python({**record, "customer_id": "C1"}).kind] += 1
    assert len(kinds) == 10


def test_no_record_lies_in_the_future_and_no_treatment_after_death(sample: Sample) -> None:
    for row in sample.rows:
        end = row.person.died if row.person.died and row.local[0] != FUNERAL else TODAY
        assert all(str(record["occurred_at"])[:10] <= end.isoformat() for record in sample.records[row.local])


def test_examples_are_living_adults_whom_hospital_and_home_know(sample: Sample) -> None:
    examples = choose_examples(sample, customer_ids(sample))
    people = {row.person.id_number: row.person for row in sample.rows}
    for example in (e for e in examples if e.expect == "match"):
        person = people[str(example.elements["id_number"])]
        assert person.died is None
        assert person.age >= 18
        assert {MEDICAL, ELDER_CARE} <= set(person.systems)
    assert Counter(e.expect for e in examples) == {"match": 4, "review": 1, "no_match": 2}


def test_examples_leave_out_whom_the_index_did_not_link(sample: Sample) -> None:
    ids = customer_ids(sample)
    first = choose_examples(sample, ids)[0].elements["id_number"]
    row = next(r for r in sample.rows if r.local[0] == ELDER_CARE and r.person.id_number == first)
    assert choose_examples(sample, {**ids, row.local: "C-other"})[0].elements["id_number"] != first
