"""A brief answer leaves out who is plainly somebody else, and nothing else."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_shipped_model
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.understand import understand
from app.core.matching.answer import Answer, Candidates, Grade, KnownCustomer, KnownRecord
from app.core.matching.resolve import MOST_CANDIDATES, resolve

MODEL = load_shipped_model()
TABLES = load_reference_tables()

NAMES = ("李子轩", "李子涵", "李梓萱", "王丽华", "张伟", "LI ZIXUAN", None)
GENDERS = ("male", "female", None)
DATES = ("1985-03-12", "1985-03-21", "1985-12-03", "1951-11-03", None)
NUMBERS = (
    "110105198503121015",
    "110105198503121023",
    "110105198002280026",
    "110105198503121016",
    "110105850312101",
    None,
)

people = st.builds(
    lambda name, gender, born, number: GivenElements(name, gender, born, "resident_id_card", number),
    st.sampled_from(NAMES),
    st.sampled_from(GENDERS),
    st.sampled_from(DATES),
    st.sampled_from(NUMBERS),
)
crowds = st.lists(st.lists(people, min_size=1, max_size=3), max_size=MOST_CANDIDATES)


def elements(of: GivenElements) -> IdentityElements:
    return understand(of, TABLES, date(2026, 11, 21))


def both(asked: GivenElements, crowd: list[list[GivenElements]]) -> tuple[Answer, Answer]:
    """The whole answer and the brief one."""
    customers = tuple(
        KnownCustomer(f"C{number}", tuple(KnownRecord(said, elements(said)) for said in records))
        for number, records in enumerate(crowd)
    )
    near = Candidates(customers)
    whole = resolve(elements(asked), near, MODEL, TABLES)
    return whole, resolve(elements(asked), near, MODEL, TABLES, brief=True)


@given(asked=people, crowd=crowds)
def test_a_brief_answer_is_the_same_answer(asked: GivenElements, crowd: list[list[GivenElements]]) -> None:
    whole, brief = both(asked, crowd)
    assert replace(brief, candidates=()) == replace(whole, candidates=())
    kept = {candidate.customer_id for candidate in brief.candidates}
    assert brief.candidates == tuple(c for c in whole.candidates if c.customer_id in kept)


@given(asked=people, crowd=crowds)
def test_who_is_left_out_has_another_number_and_raises_no_question(
    asked: GivenElements, crowd: list[list[GivenElements]]
) -> None:
    whole, brief = both(asked, crowd)
    for candidate in set(whole.candidates) - set(brief.candidates):
        assert candidate.flags == ("conflicting_documents",)
        assert candidate.grade is Grade.CERTAINLY_NOT
        assert not candidate.in_doubt


def test_a_stranger_is_left_out_and_a_twin_is_not() -> None:
    son = GivenElements("李子轩", "male", "1985-03-12", "resident_id_card", "110105198503121015")
    twin = replace(son, name="李子涵", id_number="110105198503121023")
    stranger = GivenElements("王丽华", "female", "1980-02-28", "resident_id_card", "110105198002280026")
    whole, brief = both(son, [[twin], [stranger]])
    assert {c.customer_id for c in whole.candidates} == {"C0", "C1"}
    assert [c.customer_id for c in brief.candidates] == ["C0"]
    assert brief.flags == ("conflicting_documents",)
