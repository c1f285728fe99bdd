"""People in an engine, with the shipped model."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("splink")

from app.adapters.linkage.duckdb_engine import DuckDBEngine
from app.adapters.linkage.pairs import load_people
from app.adapters.linkage.people import Person, write_people
from app.adapters.reference.load import load_reference_tables
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.understand import understand
from app.core.matching.model import read_model
from app.demo.sample import make_sample

Understood = Callable[[GivenElements], IdentityElements]
Filled = Callable[[list[Person]], DuckDBEngine]

_TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The shipped model's document."""
    text = resources.files("app.adapters.reference").joinpath("models/default.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@pytest.fixture(scope="session")
def understood() -> Understood:
    """Reads five elements with the shipped tables."""
    return partial(understand, tables=load_reference_tables(), today=_TODAY)


@pytest.fixture(scope="session")
def sample_people() -> list[Person]:
    """The demo's sample: three systems that know about 2,000 people, with slips."""
    return [Person(0, *row.local, GivenElements(**row.elements)) for row in make_sample().rows]


@pytest.fixture
def filled(tmp_path: Path, document: dict[str, Any], understood: Understood) -> Iterator[Filled]:
    """Fills a DuckDB engine with people; closed behind the test."""
    engines: list[DuckDBEngine] = []

    def fill(people: list[Person]) -> DuckDBEngine:
        write_people(people, tmp_path, understood, read_model(document).frequencies)
        engine = DuckDBEngine(load_reference_tables(), tmp_path, "1GB")
        engines.append(engine)
        load_people(engine, tmp_path)
        return engine

    yield fill
    for engine in engines:
        engine.close()
