"""Who is this? The pairs whose answer is fixed, one table a kind of answer."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from app.adapters.reference.model import load_shipped_model
from app.core.matching.answer import Answer, Grade, Method, Outcome

Elements = tuple[str | None, ...]
Ask = Callable[..., Answer]
Case = tuple[Any, ...]

WANG = ("王丽华", "female", "1980-02-28", "resident_id_card", "110105198002280026")
LI_SON = ("李子轩", "male", "1985-03-12", "resident_id_card", "110105198503121015")
LI_TWIN = ("李子涵", "male", "1985-03-12", "resident_id_card", "110105198503121023")
PERMIT = ("陈家豪", "male", "1979-05-06", "hk_macau_travel_permit", "H1234567801")
PASSPORT = ("陈家豪", "male", "1979-05-06", "passport", "E12345678")


def but(person: Sequence[str | None], **changes: str | None) -> tuple[str | None, ...]:
    """The same elements but for some of them."""
    fields = ("name", "gender", "birth_date", "id_type", "id_number")
    return tuple(changes.get(field, value) for field, value in zip(fields, person, strict=True))


def no_id(person: Sequence[str | None]) -> tuple[str | None, ...]:
    return but(person, id_type=None, id_number=None)


def table(cases: dict[str, Case]) -> pytest.MarkDecorator:
    """A parametrisation by the cases' names."""
    return pytest.mark.parametrize("case", cases.values(), ids=cases.keys())


EXACT = {
    "15 digits and 18": (
        ("赵国栋", "male", "1949-03-15", "resident_id_card", "110103490315001"),
        ("赵国栋", "male", "1949-03-15", "resident_id_card", "110103194903150017"),
    ),
    "another middle dot": (
        ("阿卜杜拉·买买提", "male", "1980-02-28", "resident_id_card", "110105198002280018"),
        ("阿卜杜拉•买买提", "male", "1980-02-28", "resident_id_card", "110105198002280018"),
    ),
    "a household's number, all else the same": (
        ("杜芳", "female", "1970-08-18", "household_register", "425064019"),
        ("杜芳", "female", "1970-08-18", "household_register", "425064019"),
    ),
    "gender not given": (but(WANG, gender=None), WANG),
    "date not given": (but(WANG, birth_date=None), WANG),
    "an invalid number, twice the same": (but(WANG, id_number="110105198002280020"),) * 2,
}


@table(EXACT)
def test_exact(ask: Ask, case: Case) -> None:
    given, stored = case
    answer = ask(given, stored)
    assert (answer.outcome, answer.method, answer.grade) == (Outcome.MATCH, Method.EXACT, Grade.CERTAIN)
    assert (answer.customer_id, answer.reasons, answer.flags) == ("C1", (), ())


AUTOMATIC = {
    "homophone": (but(WANG, name="王立华"), WANG),
    "look-alike": (but(WANG, name="王丽毕"), WANG),
    "name and date slip, same number": (but(WANG, name="王立华", birth_date="1980-02-18"), WANG),
    "traditional": (but(WANG, name="王麗華"), WANG),
    "wrong sex": (but(WANG, gender="male"), WANG),
    "digits 15 and 16 swapped": (
        but(LI_SON, id_number="110105198503120115"),
        LI_SON,
    ),
    "one digit wrong": (but(WANG, id_number="110105198002280126"), WANG),
    "one digit dropped": (but(WANG, id_number="11010518002280026"), WANG),
    "one digit wrong and a date slip": (
        but(WANG, id_number="110105198002280126", birth_date="1980-02-18"),
        WANG,
    ),
    "one digit of the region wrong and a homophone": (
        but(WANG, id_number="110165198002280026", name="王立华"),
        WANG,
    ),
    "a month from the wrong line of a list, same number": (but(WANG, birth_date="1980-07-28"), WANG),
    "one character lost": (but(WANG, name="王?华"), WANG),
    "renewed permit": (but(PERMIT, id_number="H1234567802"), PERMIT),
    "Taiwan permit with its old tail": (
        ("林志明", "male", "1979-05-06", "taiwan_travel_permit", "0012345601(B)"),
        ("林志明", "male", "1979-05-06", "taiwan_travel_permit", "00123456"),
    ),
    "pinyin with the same passport": (but(PASSPORT, name="CHEN JIAHAO"), PASSPORT),
    "wrong label": (but(WANG, id_type="passport"), WANG),
    "two digits wrong before the last four": (but(WANG, id_number="110165199002280026"), WANG),
    "century left out of the number": (but(WANG, id_number="1101058002280026"), WANG),
    "a slip in the region, no date": (but(WANG, id_number="110165198002280026", birth_date=None), WANG),
    "the day told, not the one in the number": (but(WANG, birth_date="1978-11-03"), WANG),
    "surname changed": (but(WANG, name="陈丽华"), WANG),
    "a syllable for a rare character": (but(WANG, name="王丽hua"), WANG),
    "one word of a Tibetan name": (but(WANG, name="央金"), but(WANG, name="白玛央金")),
    "one digit of a passport, name and date the same": (but(PASSPORT, id_number="E12345679"), PASSPORT),
}


@table(AUTOMATIC)
def test_automatic(ask: Ask, case: Case) -> None:
    given, stored = case
    answer = ask(given, stored)
    assert (answer.outcome, answer.grade, answer.customer_id) == (Outcome.MATCH, Grade.CERTAIN, "C1"), answer


REVIEW = {
    "homophone without a number": (no_id(but(WANG, name="王立华")), no_id(WANG), "no_document_evidence"),
    "namesakes without a number": (
        ("张伟", "male", "1985-03-12", None, None),
        ("张伟", "male", "1985-03-12", None, None),
        "no_document_evidence",
    ),
    "restored variant without a number": (
        ("刘喆", None, "1985-03-12", None, None),
        ("刘哲", None, "1985-03-12", None, None),
        "name_differs",
    ),
    "lunar date without a number": (
        ("李秀英", "female", "1942-03-05", None, None),
        ("李秀英", "female", "1942-04-19", "resident_id_card", "420106194204192244"),
        "birth_date_differs",
    ),
    "pinyin with a passport, surname first": (
        ("LYU SHANFANG", "female", "1975-05-05", "passport", "E11223344"),
        ("吕单芳", "female", "1975-05-05", "resident_id_card", "510107197505052028"),
        "no_document_evidence",
    ),
    "pinyin with a passport, surname last": (
        ("Danfang Lv", "female", "1975-05-05", "passport", "E11223344"),
        ("吕单芳", "female", "1975-05-05", "resident_id_card", "510107197505052028"),
        "no_document_evidence",
    ),
    "another document": (PASSPORT, no_id(PASSPORT), "no_document_evidence"),
    "a renewed passport": (but(PASSPORT, id_number="E98765432"), PASSPORT, "no_document_evidence"),
    "another name, all else the same": (but(WANG, name="欧阳静"), WANG, "name_differs"),
    "a twin on the other's card": (but(LI_SON, name="李子涵"), LI_SON, "name_differs"),
    "brother and sister on one card": (but(LI_SON, name="李梓轩", gender="female"), LI_SON, "gender_differs"),
    "twins with neighbouring passports": (
        but(PASSPORT, name="陈佳豪", id_number="E12345679"),
        PASSPORT,
        "document_differs",
    ),
    "a twin's number with a slip, a name that sounds alike": (
        but(WANG, id_number="110105198002280126", name="王立华"),
        WANG,
        "document_differs",
    ),
    "a friend of the same age whose name sounds alike": (
        but(WANG, name="王立华", birth_date="1980-09-13"),
        WANG,
        "birth_date_differs",
    ),
    "a name that sounds alike, thirty years apart": (
        but(WANG, name="王立华", birth_date="2010-02-28"),
        WANG,
        "birth_date_differs",
    ),
    "two digits wrong": (but(WANG, id_number="110165198002280096"), WANG, "no_document_evidence"),
    "family in one household register": (
        ("杜方", "female", "1970-08-18", "household_register", "425064019"),
        ("杜芳", "female", "1970-08-18", "household_register", "425064019"),
        "document_shared",
    ),
    "the same name and number, another date a generation away": (
        but(WANG, birth_date="1951-11-03"),
        WANG,
        "birth_date_differs",
    ),
    "father and son of one name and birthday on one passport": (
        but(PASSPORT, name="MINH TRAN", birth_date="2007-05-06"),
        but(PASSPORT, name="MINH TRAN"),
        "birth_date_differs",
    ),
    "the same name and passport, another date": (
        but(PASSPORT, birth_date="1978-11-03"),
        PASSPORT,
        "birth_date_differs",
    ),
    "a slip in the last four digits, no date": (
        but(WANG, id_number="110105198002280126", birth_date=None),
        WANG,
        "birth_date_missing",
    ),
    "a surname alone can be read": (but(WANG, name="王**"), WANG, "name_differs"),
    "a given name of one character, another surname": (
        but(WANG, name="陈丽"),
        but(WANG, name="王丽"),
        "name_differs",
    ),
    "a number alone": ((None, None, None, *WANG[3:]), WANG, "name_missing"),
    "a newborn's placeholder, twice": (
        ("王丽华之子", "male", "2024-01-05", *WANG[3:]),
        ("王丽华之子", "male", "2024-01-05", *WANG[3:]),
        "newborn_placeholder",
    ),
    "two children with their mother's card": (
        ("李梓轩", "male", "2024-01-05", *WANG[3:]),
        ("李子轩", "male", "2024-01-05", *WANG[3:]),
        "document_of_another",
    ),
    "a bed number": (but(WANG, id_type="other", id_number="12"),) * 2 + ("no_document_evidence",),
}


@table(REVIEW)
def test_review(ask: Ask, case: Case) -> None:
    given, stored, reason = case
    answer = ask(given, stored)
    assert (answer.outcome, answer.customer_id, answer.method) == (Outcome.REVIEW, None, None), answer
    assert reason in answer.reasons
    assert answer.grade in (Grade.PROBABLE, Grade.POSSIBLE)
    assert answer.candidates[0].customer_id == "C1"
    assert answer.candidates[0].in_doubt


VETOED = {
    "namesakes with valid numbers": (
        but(LI_SON, id_number="110105198503121023"),
        LI_SON,
        "conflicting_documents",
    ),
    "twins": (LI_TWIN, LI_SON, "conflicting_documents"),
    "a child on the mother's card": (
        ("李小宝", "male", "2018-06-01", "resident_id_card", "110105199001010037"),
        ("李娜", "female", "1990-01-01", "resident_id_card", "110105199001010037"),
        "parents_document",
    ),
    "a borrowed card": (but(WANG, name="陈静", birth_date="1991-07-09"), WANG, "borrowed_document"),
    "a brother's card": (but(LI_SON, name="李子涵", birth_date="1987-11-30"), LI_SON, "borrowed_document"),
    "a newborn on the mother's card": (
        ("王丽华之子", "male", "2024-01-05", *WANG[3:]),
        WANG,
        "newborn",
    ),
    "a newborn with the mother's own date": (("王丽华之女", *WANG[1:]), WANG, "newborn"),
}


@table(VETOED)
def test_vetoed(ask: Ask, case: Case) -> None:
    given, stored, flag = case
    answer = ask(given, stored)
    assert (answer.outcome, answer.grade) == (Outcome.NO_MATCH, Grade.CERTAINLY_NOT), answer
    assert answer.flags == (flag,)
    assert answer.candidates[0].grade is Grade.CERTAINLY_NOT


def test_strangers_are_nobody_and_not_flagged(ask: Ask) -> None:
    stranger = ("陈静", "female", "1991-07-09", "resident_id_card", "110105198503121015")
    answer = ask(stranger, WANG)
    assert (answer.outcome, answer.flags, answer.reasons) == (Outcome.NO_MATCH, (), ())


def test_a_birth_date_and_a_sex_alone_are_no_lead(ask: Ask) -> None:
    foreigner = ("JAMES MUELLER", "female", "1980-02-28", "passport", "C01X00T47")
    assert ask(foreigner, WANG).outcome is Outcome.NO_MATCH
    assert ask((None, "female", "1980-02-28", None, None), WANG).outcome is Outcome.NO_MATCH


def test_nobody_to_compare_with(ask: Ask) -> None:
    assert ask(WANG).outcome is Outcome.NO_MATCH


def test_two_customers_alike_in_everything_are_rivals(ask: Ask) -> None:
    answer = ask(WANG, WANG, WANG)
    assert (answer.outcome, answer.reasons) == (Outcome.REVIEW, ("rival_candidate",))
    assert [c.grade for c in answer.candidates] == [Grade.PROBABLE, Grade.PROBABLE]


def test_two_holders_of_one_number_with_names_alike_are_rivals(ask: Ask) -> None:
    answer = ask(but(WANG, name="王立华"), WANG, but(WANG, name="王利华"))
    assert (answer.outcome, answer.reasons) == (Outcome.REVIEW, ("rival_candidate",))


@pytest.mark.parametrize(
    "lesser",
    [no_id(WANG), but(WANG, id_type="passport", id_number="E12345678"), but(WANG, name="王立英")],
    ids=["without a number", "with another document", "under another name"],
)
def test_who_agrees_in_everything_has_no_rival_in_who_does_not(ask: Ask, lesser: Elements) -> None:
    answer = ask(WANG, lesser, WANG)
    assert (answer.outcome, answer.customer_id) == (Outcome.MATCH, "C2")


def test_the_owner_of_a_card_is_matched_beside_the_child_registered_with_it(ask: Ask) -> None:
    child = ("王小宝", "male", "2020-05-05", *WANG[3:])
    assert ask(WANG, WANG, child).customer_id == "C1"
    assert ask(child, WANG, child).customer_id == "C2"


def test_a_customer_is_judged_by_their_best_record(ask: Ask) -> None:
    answer = ask(WANG, [but(WANG, name="欧阳静"), WANG])
    assert (answer.outcome, answer.method) == (Outcome.MATCH, Method.EXACT)


def test_a_record_without_doubt_outweighs_one_with(ask: Ask) -> None:
    slipped = but(WANG, birth_date="1980-01-01")
    assert ask(but(WANG, birth_date="1980-02-18"), [WANG, slipped]).customer_id == "C1"


def test_a_record_without_date_does_not_hide_that_the_dates_differ(ask: Ask) -> None:
    father = ("MINH TRAN", "male", "1984-11-12", "passport", "L89142017")
    answer = ask(but(father, birth_date="2017-04-18"), [father, but(father, birth_date=None)])
    assert (answer.outcome, answer.reasons) == (Outcome.REVIEW, ("birth_date_differs",))


def test_a_conflict_with_any_record_vetoes_the_customer(ask: Ask) -> None:
    passport = but(LI_SON, id_type="passport", id_number="E12345678")
    other_number = but(LI_SON, id_number="110105198503121023")
    answer = ask(LI_SON, [passport, other_number])
    assert (answer.outcome, answer.flags) == (Outcome.NO_MATCH, ("conflicting_documents",))


def test_a_customer_whom_a_steward_gave_two_numbers_is_matched_by_either(ask: Ask) -> None:
    other_number = but(LI_SON, id_number="110105198503121023")
    assert ask(LI_SON, [LI_SON, other_number]).customer_id == "C1"
    assert ask(other_number, [LI_SON, other_number]).customer_id == "C1"


def test_a_cut_bucket_is_said_and_holds_up_all_but_the_holder_of_the_number(ask: Ask) -> None:
    assert ask(WANG, WANG, cut=("name_date",)).outcome is Outcome.MATCH
    assert ask(WANG, WANG, cut=("document",)).reasons == ("bucket_cut",)
    slip = ask(but(WANG, id_number="110105198002280126"), WANG, cut=("document_head",))
    assert (slip.outcome, slip.reasons) == (Outcome.REVIEW, ("bucket_cut",))
    beside = ask(but(WANG, id_number="110105198002280126"), WANG, cut=("part_date",))
    assert beside.outcome is Outcome.MATCH
    nobody = ask(no_id(WANG), cut=("name",))
    assert (nobody.outcome, nobody.reasons) == (Outcome.NO_MATCH, ("bucket_cut",))


def test_the_weights_of_the_elements_and_the_prior_add_up(ask: Ask) -> None:
    (candidate,) = ask(but(WANG, name="王立华"), WANG).candidates
    assert sum(e.weight for e in candidate.comparisons) + load_shipped_model().prior == pytest.approx(
        candidate.weight
    )
    assert 0.999 < candidate.score < 1


def test_at_most_ten_candidates_are_shown_and_their_order_is_that_of_their_weight(ask: Ask) -> None:
    answer: Answer = ask(no_id(WANG), *[no_id(WANG)] * 12, but(no_id(WANG), birth_date="1980-02-18"))
    weights = [c.weight for c in answer.candidates]
    assert len(weights) == 10
    assert weights == sorted(weights, reverse=True)
