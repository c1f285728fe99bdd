"""Term frequencies of one's own: what is told, what is not, and that little data moves little."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_shipped_model, read_model_document
from app.core.identity.elements import GivenElements
from app.core.identity.names.name import Name
from app.core.identity.understand import understand
from app.core.matching.frequencies import FEWEST_BEARERS, NameCounts, version_of, with_frequencies
from app.core.matching.model import Term, read_model

DOCUMENT = read_model_document(None)
TABLES = load_reference_tables()


def name(text: str) -> Name:
    understood = understand(GivenElements(text, None, None, None, None), TABLES, date(2026, 11, 1)).name
    assert understood is not None
    return understood


def counted(bearers: dict[str, int]) -> NameCounts:
    counts = NameCounts()
    for text, count in bearers.items():
        for _ in range(count):
            counts.add(name(text))
    return counts


def test_a_common_name_of_the_town_is_worth_less_than_in_the_country() -> None:
    learned = read_model(with_frequencies(DOCUMENT, counted({"令狐冲": 400, "王伟": 600})))
    shipped = load_shipped_model().frequencies
    of = learned.frequencies.of
    assert of(name("令狐冲"), Term.SURNAME) > 100 * shipped.of(name("令狐冲"), Term.SURNAME)
    assert of(name("令狐冲"), Term.GIVEN) > 100 * shipped.of(name("令狐冲"), Term.GIVEN)


def test_a_name_that_few_bear_is_never_told() -> None:
    few = with_frequencies(DOCUMENT, counted({"鳡玃": FEWEST_BEARERS - 1}))
    assert few["term_frequencies"] == DOCUMENT["term_frequencies"]


def test_names_without_a_surname_are_not_counted() -> None:
    assert counted({"阿卜杜拉·买买提": 50, "JOHN SMITH": 50}).people == 0


def test_the_new_model_has_a_version_of_its_own_and_the_old_one_is_untouched() -> None:
    before = version_of(DOCUMENT)
    new = with_frequencies(DOCUMENT, counted({"王伟": 100}))
    assert new["version"] not in (
        DOCUMENT["version"],
        with_frequencies(DOCUMENT, counted({"李伟": 100}))["version"],
    )
    assert version_of(DOCUMENT) == before


@given(st.dictionaries(st.sampled_from(["王伟", "李娜", "令狐冲", "欧阳修"]), st.integers(0, 300)))
def test_every_share_stays_a_probability_and_no_known_name_is_lost(bearers: dict[str, int]) -> None:
    learned = with_frequencies(DOCUMENT, counted(bearers))
    read_model(learned)
    for term in ("surname", "given"):
        assert set(learned["term_frequencies"][term]) >= set(DOCUMENT["term_frequencies"][term])
