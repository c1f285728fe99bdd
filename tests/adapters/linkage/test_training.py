"""Training: what the data is rich enough to teach is learned, the rest stays, and it is repeatable."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from app.adapters.linkage.duckdb_engine import DuckDBEngine
from app.adapters.linkage.people import Person
from app.adapters.linkage.training import DISTINCT, OTHERS, Trained, TrainingJob, train
from app.adapters.reference.load import load_reference_tables
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.matching.model import read_model

Understood = Callable[[GivenElements], IdentityElements]

WRONG_SEX = 0.2


@pytest.fixture(scope="module")
def people(sample_people: list[Person]) -> list[Person]:
    """Each person of the sample twice; in a fifth of the second records the sex is wrong."""
    rng = Random(3)
    first = {p.local_id[1:]: p for p in sample_people}
    distinct = [Person(DISTINCT, "a", number, p.given) for number, p in first.items()]
    others = []
    for person in distinct:
        given = person.given
        gender = {"male": "女", "男": "女", "1": "女"}.get(given.gender or "", "男")
        wrong = rng.random() < WRONG_SEX
        changed = GivenElements(
            given.name, gender if wrong else given.gender, given.birth_date, given.id_type, given.id_number
        )
        others.append(Person(OTHERS, "b", person.local_id, changed))
    return distinct + others


@pytest.fixture(scope="module")
def trained(people: list[Person], document: dict[str, Any], understood: Understood) -> Callable[[], Trained]:
    """Trains on `people`, starting from the shipped model."""
    job = TrainingJob(document, load_reference_tables(), understood, DuckDBEngine, "1GB", 100_000, seed=1)
    return lambda: train(job, people, lambda _: None)


@pytest.fixture(scope="module")
def once(trained: Callable[[], Trained]) -> Trained:
    return trained()


def test_learns_how_often_an_element_is_wrong(once: Trained) -> None:
    model = read_model(once.document)
    assert model.gender["different"].m == pytest.approx(WRONG_SEX, abs=0.03)
    assert {"gender.same.m", "gender.different.m", "gender.same.u"} <= set(once.learned)


def test_keeps_what_the_data_cannot_teach(once: Trained, document: dict[str, Any]) -> None:
    before, after = read_model(document), read_model(once.document)
    assert after.document["same"].u == before.document["same"].u
    assert after.birth_date["lunar"].m == before.birth_date["lunar"].m
    assert "document.same.u" not in once.learned


def test_probabilities_of_a_comparison_still_sum_to_one(once: Trained) -> None:
    for comparison in once.document["settings"]["comparisons"]:
        for which in ("m_probability", "u_probability"):
            total = sum(level.get(which, 0.0) for level in comparison["comparison_levels"])
            assert total == pytest.approx(1.0, abs=0.01)


def test_the_same_set_gives_the_same_model_under_a_name_of_its_own(
    trained: Callable[[], Trained], once: Trained, document: dict[str, Any]
) -> None:
    assert trained().document == once.document
    assert once.document["version"].startswith(f"{document['version']}+")


def test_too_few_people_teach_nothing(document: dict[str, Any], understood: Understood) -> None:
    job = TrainingJob(document, load_reference_tables(), understood, DuckDBEngine, "1GB", 100_000, seed=1)
    person = Person(DISTINCT, "a", "1", GivenElements("张伟", "男", "1980-01-01", None, None))
    done = train(job, [person], lambda _: None)
    assert done.learned == ()
    assert done.document["settings"] == document["settings"]
