"""Training a model with Splink: u by random sampling, m by expectation maximisation, on DuckDB.

Two rules keep a trained model honest. u is counted among people who are all different, so that no true match
passes for chance. And a level that the sample shows too seldom to be counted keeps the probability it had:
that two strangers share a number is seen in no sample that fits a machine.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from splink import block_on

from app.adapters.linkage.engine import Engine, EngineMaker
from app.adapters.linkage.pairs import load_people, new_linker
from app.adapters.linkage.people import Person, Understand, write_people
from app.adapters.linkage.settings import Document, splink_settings
from app.core.identity.tables import ReferenceTables
from app.core.matching.comparison import Element
from app.core.matching.comparisons.document import DocumentLevel
from app.core.matching.comparisons.gender import GenderLevel
from app.core.matching.comparisons.name_level import NameLevel
from app.core.matching.frequencies import version_of
from app.core.matching.model import read_model

FEWEST_FOR_U = 100
"""Pairs of strangers that must show a level before its u is taken from them."""
FEWEST_FOR_M = 30
"""Pairs of one person that must show a level before its m is taken from them."""

KEPT: Mapping[Element, frozenset[str]] = {
    Element.NAME: frozenset({NameLevel.NEWBORN}),
    Element.GENDER: frozenset({GenderLevel.OTHER}),
    Element.BIRTH_DATE: frozenset(),
    Element.DOCUMENT: frozenset({DocumentLevel.OTHER_KIND, DocumentLevel.REISSUED, DocumentLevel.DIFFERENT}),
}
"""Levels that no training sets. A newborn's placeholder and the gender "other" speak neither for nor against
anybody. And how often two strangers show these levels of documents is how many people of the sample hold
which kinds: few such documents would make two different numbers speak for one person."""

DISTINCT, OTHERS = 0, 1
"""The datasets of a training set: people who are all different, and further records of them."""

Stage = Callable[[str], None]
Probabilities = dict[str, float]
"""By the level's name."""


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """What to train with. `pairs` bounds the pairs of strangers that are compared."""

    document: Document
    tables: ReferenceTables
    understand: Understand
    engine: EngineMaker
    memory: str
    pairs: int
    seed: int


@dataclass(frozen=True, slots=True)
class Trained:
    """The new document, and which levels (`name.homophone.u`) the data was rich enough to set."""

    document: dict[str, Any]
    people: int
    learned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Session:
    """One run of EM: pairs that agree in `key` teach the m of `teaches`; `elements` all take part."""

    key: str
    elements: tuple[Element, ...]
    teaches: tuple[Element, ...]


# Whoever shares a number teaches how names and dates go wrong; whoever shares a name, how numbers do.
_SESSIONS = (
    _Session(
        "document_key",
        (Element.NAME, Element.GENDER, Element.BIRTH_DATE),
        (Element.NAME, Element.GENDER, Element.BIRTH_DATE),
    ),
    _Session("name_key", (Element.GENDER, Element.BIRTH_DATE, Element.DOCUMENT), (Element.DOCUMENT,)),
)


def train(job: TrainingJob, people: Iterable[Person], stage: Stage) -> Trained:
    """Trains on people of the datasets `DISTINCT` and `OTHERS`. The same input gives the same model."""
    logging.getLogger("splink").setLevel(logging.ERROR)  # it warns of each level that nobody showed
    frequencies = read_model(job.document).frequencies
    with TemporaryDirectory(prefix="cdc-training-") as name:
        scratch = Path(name)
        stage("reading")
        count = write_people(people, scratch, job.understand, frequencies)
        engine = job.engine(job.tables, scratch, job.memory)
        try:
            load_people(engine, scratch)
            document = deepcopy(dict(job.document))
            stage("chance agreement (u)")
            learned = _learn_u(engine, document, job)
            for session in _SESSIONS:
                stage(f"agreement of one person (m), by {session.key.removesuffix('_key')}")
                learned += _learn_m(engine, document, session)
        finally:
            engine.close()
    document["version"] = version_of(document)
    read_model(document)
    return Trained(document, count, tuple(learned))


def _learn_u(engine: Engine, document: dict[str, Any], job: TrainingJob) -> list[str]:
    engine.make("strangers", f"SELECT * FROM people WHERE dataset = {DISTINCT}")
    count = next(engine.rows("SELECT count(*) AS n FROM strangers"))["n"]
    pairs = min(job.pairs, count * (count - 1) // 2)
    if pairs < FEWEST_FOR_U:
        return []
    linker = new_linker(engine, splink_settings(document), "strangers")
    linker.training.estimate_u_using_random_sampling(pairs, seed=job.seed, min_count_per_level=None)
    estimates = _probabilities(linker.misc.save_model_to_json(), "u_probability")
    learned = []
    for element in Element:
        learned += _merge(document, element, "u_probability", estimates[element], FEWEST_FOR_U / pairs)
    return learned


def _learn_m(engine: Engine, document: dict[str, Any], session: _Session) -> list[str]:
    pairs = (
        f"SELECT count(*) AS n FROM people a JOIN people b "
        f"ON a.{session.key} = b.{session.key} AND a.unique_id < b.unique_id"
    )
    blocked = next(engine.rows(pairs))["n"]
    if blocked < FEWEST_FOR_M:
        return []
    linker = new_linker(engine, splink_settings(document, session.elements))
    done = linker.training.estimate_parameters_using_expectation_maximisation(block_on(session.key))
    share = done.core_model_settings.probability_two_random_records_match
    estimates = _probabilities(linker.misc.save_model_to_json(), "m_probability")
    fewest = FEWEST_FOR_M / max(1.0, blocked * share)
    learned = []
    for element in session.teaches:
        learned += _merge(document, element, "m_probability", estimates[element], fewest)
    return learned


def _probabilities(settings: Mapping[str, Any], which: str) -> dict[str, Probabilities]:
    return {
        comparison["output_column_name"]: {
            level["label_for_charts"]: level[which]
            for level in comparison["comparison_levels"]
            if which in level
        }
        for comparison in settings["comparisons"]
    }


def _merge(
    document: dict[str, Any], element: Element, which: str, estimates: Probabilities, fewest: float
) -> list[str]:
    """Takes over the levels seen often enough; the others keep theirs, and the rest is scaled to sum to 1."""
    comparisons = document["settings"]["comparisons"]
    levels = next(c["comparison_levels"] for c in comparisons if c["output_column_name"] == element)
    levels = [level for level in levels if which in level]
    free = [level for level in levels if level["label_for_charts"] not in KEPT[element]]
    seen = [level for level in free if estimates.get(level["label_for_charts"], 0.0) >= fewest]
    if not seen:
        return []
    kept = sum(level[which] for level in levels if level not in seen)
    scale = (1 - kept) / sum(estimates[level["label_for_charts"]] for level in seen)
    learned = []
    for level in seen:
        level[which] = float(f"{estimates[level['label_for_charts']] * scale:.6g}")
        learned.append(f"{element}.{level['label_for_charts']}.{which[0]}")
    return learned
