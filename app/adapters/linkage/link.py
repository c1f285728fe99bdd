"""Whole files linked: people in, pairs and clusters out."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.adapters.linkage.engine import Engine, EngineMaker
from app.adapters.linkage.functions import SEPARATOR
from app.adapters.linkage.pairs import CutBucket, block, load_people, score
from app.adapters.linkage.people import Person, Understand, write_people
from app.adapters.linkage.settings import Document
from app.adapters.linkage.verdicts import cluster, judge, least_weight
from app.core.identity.tables import ReferenceTables
from app.core.matching.comparison import Element
from app.core.matching.model import Thresholds, read_model

PAIRS, CLUSTERS = "pairs.ndjson", "clusters.ndjson"
_LOCAL = "{0}.source_system AS system_{1}, {0}.local_id AS local_{1}"

Stage = Callable[[str], None]
"""Told what begins, for whoever waits."""


@dataclass(frozen=True, slots=True)
class LinkJob:
    """What to link with. `across`: only pairs of two files; `memory` as DuckDB and Spark write it (4GB)."""

    document: Document
    tables: ReferenceTables
    understand: Understand
    engine: EngineMaker
    bucket_limit: int
    memory: str
    across: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of it: people, pairs by outcome, clusters of more than one record, and keys cut."""

    people: int
    pairs: Mapping[str, int]
    clusters: int
    cut: tuple[CutBucket, ...]


def link_files(job: LinkJob, people: Iterable[Person], output: Path, stage: Stage) -> Linked:
    """Links people and writes `pairs.ndjson` and `clusters.ndjson` to the folder `output`.

    What does not fit into memory lies in a folder of its own beside the results, which only the owner can
    read and which is removed at the end: it holds the people's elements in clear.
    """
    model = read_model(job.document)
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".linkage-", dir=output) as name:
        scratch = Path(name)
        stage("reading")
        count = write_people(people, scratch, job.understand, model.frequencies)
        engine = job.engine(job.tables, scratch, job.memory)
        try:
            cut = _linked(engine, job, model.thresholds, scratch, stage)
            stage("writing")
            pairs = _write(engine, _pairs_sql(model.thresholds), _pair, output / PAIRS)
            _write(engine, _CLUSTERS_SQL, _member, output / CLUSTERS)
            several = "SELECT cluster_id FROM clusters GROUP BY cluster_id HAVING count(*) > 1"
            clusters = next(engine.rows(f"SELECT count(*) AS n FROM ({several}) AS several"))["n"]
        finally:
            engine.close()
    return Linked(count, pairs, clusters, tuple(cut))


def _linked(
    engine: Engine, job: LinkJob, thresholds: Thresholds, scratch: Path, stage: Stage
) -> list[CutBucket]:
    load_people(engine, scratch)
    stage("blocking")
    cut = block(engine, job.bucket_limit, across=job.across)
    stage("scoring")
    scored = score(engine, job.document, least_weight(thresholds))
    stage("judging")
    judge(engine, job.document, thresholds, scored)
    stage("clustering")
    cluster(engine)
    return cut


def _pairs_sql(thresholds: Thresholds) -> str:
    return (
        f"SELECT {_LOCAL.format('a', 'l')}, {_LOCAL.format('b', 'r')}, j.* FROM judged j "
        "JOIN people a ON a.unique_id = j.unique_id_l JOIN people b ON b.unique_id = j.unique_id_r "
        f"WHERE j.match_weight >= {thresholds.possible} ORDER BY j.unique_id_l, j.unique_id_r"
    )


_CLUSTERS_SQL = (
    "SELECT p.source_system, p.local_id, c.cluster_id, 'all' AS outcome FROM clusters c "
    "JOIN people p ON p.unique_id = c.unique_id ORDER BY c.cluster_id, c.unique_id"
)


def _write(
    engine: Engine, sql: str, line: Callable[[dict[str, Any]], dict[str, Any]], file: Path
) -> dict[str, int]:
    """NDJSON, written beside the file and renamed: a broken run never looks whole. Counts by outcome."""
    counts: dict[str, int] = {}
    partial = file.with_name(file.name + ".part")
    with partial.open("w", encoding="utf-8") as out:
        for row in engine.rows(sql):
            counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
            out.write(json.dumps(line(row), ensure_ascii=False) + "\n")
    partial.replace(file)
    return counts


def _pair(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "left": {"source_system": row["system_l"], "local_id": row["local_l"]},
        "right": {"source_system": row["system_r"], "local_id": row["local_r"]},
        "outcome": row["outcome"],
        "weight": round(row["match_weight"], 6),
        "probability": row["match_probability"],
        "comparisons": [
            {
                "element": element.value,
                "level": row[f"{element}_level"],
                "weight": round(row[f"{element}_weight"], 6),
            }
            for element in Element
        ],
        "flags": _codes(row["vetoes"]),
        "reasons": _codes(row["doubts"]),
    }


def _codes(text: str) -> list[str]:
    return [code for code in text.split(SEPARATOR) if code]


def _member(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("source_system", "local_id", "cluster_id")}
