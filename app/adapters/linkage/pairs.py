"""From people to scored pairs: the core's blocking keys, then Splink with the model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from splink import Linker

from app.adapters.linkage.engine import Engine
from app.adapters.linkage.people import TABLES
from app.adapters.linkage.settings import Document, splink_settings

_TERMS = ("name", "surname", "given")
_PERSON = (
    "unique_id, dataset, source_system, local_id, name, gender, birth_date, document, surname, given, "
    "document_key, name_key"
)


@dataclass(frozen=True, slots=True)
class CutBucket:
    """How many blocking keys of a rule were shared by too many records, and by how many at most."""

    rule: str
    keys: int
    largest: int


def load_people(engine: Engine, folder: Path) -> None:
    """Makes the tables that `write_people` wrote known to the engine: `people`, keys, term frequencies."""
    for table in TABLES:
        engine.load(f"{table}_file", folder / f"{table}.parquet")
    engine.make("people", f"SELECT {_PERSON} FROM people_file")
    for term in _TERMS:
        engine.make(
            f"tf_{term}",
            f"SELECT {term}, max(tf_{term}) AS tf_{term} FROM people_file "
            f"WHERE {term} IS NOT NULL GROUP BY {term}",
        )


def block(engine: Engine, bucket_limit: int, *, across: bool) -> list[CutBucket]:
    """Makes `blocked_pairs`: who shares a key, each pair once; and `cut_people`, who may miss a candidate.

    A key that more than `bucket_limit` records share is left out, as it is online. `across`: only pairs of
    two files.
    """
    engine.make(
        "buckets", "SELECT rule, value, count(*) AS records FROM stored_keys_file GROUP BY rule, value"
    )
    engine.make(
        "cut_buckets", f"SELECT rule, value, records FROM buckets WHERE records > {int(bucket_limit)}"
    )
    engine.make(
        "cut_people",
        "SELECT DISTINCT a.unique_id FROM asked_keys_file a "
        "JOIN cut_buckets c ON a.rule = c.rule AND a.value = c.value",
    )
    different = "a.dataset <> s.dataset" if across else "a.unique_id <> s.unique_id"
    engine.make(
        "blocked_pairs",
        "SELECT DISTINCT '0' AS match_key, least(a.unique_id, s.unique_id) AS join_key_l, "
        "greatest(a.unique_id, s.unique_id) AS join_key_r FROM asked_keys_file a "
        "JOIN stored_keys_file s ON a.rule = s.rule AND a.value = s.value "
        "LEFT JOIN cut_buckets c ON c.rule = s.rule AND c.value = s.value "
        f"WHERE {different} AND c.rule IS NULL",
    )
    cut = "SELECT rule, count(*) AS n, max(records) AS largest FROM cut_buckets GROUP BY rule ORDER BY rule"
    return [CutBucket(row["rule"], row["n"], row["largest"]) for row in engine.rows(cut)]


def score(engine: Engine, document: Document, least: float) -> str:
    """Scores `blocked_pairs` with Splink; the name of the table of those of at least this weight."""
    linker = new_linker(engine, splink_settings(document))
    pairs = engine.api.register("blocked_pairs", table_name="blocked")
    linker.table_management.register_blocked_pairs_for_predict(pairs)
    return str(linker.inference.predict(threshold_match_weight=least).physical_name)


def new_linker(engine: Engine, settings: dict[str, Any], people: str = "people") -> Linker:
    """A linker over a table of people, with the model's term frequencies instead of the file's own."""
    linker = Linker(engine.api.register(people), settings, log_level=None)
    if any(c["output_column_name"] == "name" for c in settings["comparisons"]):
        for term in _TERMS:
            table = engine.api.register(f"tf_{term}")
            linker.table_management.register_term_frequency_lookup(table, term)
    return linker
