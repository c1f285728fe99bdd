"""Whole files: who is linked to whom, whom a veto or a rival keeps apart, and that nothing is left behind."""

import json
import shutil
import stat
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from app.adapters.linkage.duckdb_engine import DuckDBEngine
from app.adapters.linkage.engine import EngineMaker
from app.adapters.linkage.link import CLUSTERS, PAIRS, Linked, LinkJob, link_files
from app.adapters.linkage.people import Person
from app.adapters.reference.load import load_reference_tables
from app.core.identity.elements import GivenElements, IdentityElements

Understood = Callable[[GivenElements], IdentityElements]
Elements = tuple[str | None, str | None, str | None, str | None, str | None]
Link = Callable[..., Linked]

ZHANG: Elements = ("张伟明", "男", "1980-03-04", "01", "110101198003040010")
MISTYPED: Elements = ("张伟明", "男", "1980-03-04", "01", "110101198003040001")
TWIN: Elements = ("张伟光", "男", "1980-03-04", "01", "110101198003040037")
NO_NUMBER: Elements = ("张伟明", "男", "1980-03-04", None, None)
STRANGER: Elements = ("令狐望舒", "女", "1999-12-31", "03", "E12345678")


@pytest.fixture
def link(tmp_path: Path, document: dict[str, Any], understood: Understood) -> Link:
    """Links people given as tuples; `files` gives each the number of its file."""

    def run(
        *people: Elements,
        files: tuple[int, ...] = (),
        across: bool = False,
        bucket_limit: int = 100,
        engine: EngineMaker = DuckDBEngine,
    ) -> Linked:
        tables = load_reference_tables()
        job = LinkJob(document, tables, understood, engine, bucket_limit, "1GB", across)
        numbered = zip(files or (0,) * len(people), people, strict=True)
        rows = [Person(f, "clinic", str(i), GivenElements(*p)) for i, (f, p) in enumerate(numbered)]
        return link_files(job, rows, tmp_path / "out", lambda _: None)

    return run


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out" / name).read_text("utf-8").splitlines()]


def outcomes(folder: Path) -> dict[tuple[str, str], str]:
    return {(p["left"]["local_id"], p["right"]["local_id"]): p["outcome"] for p in lines(folder, PAIRS)}


def clusters(folder: Path) -> set[frozenset[str]]:
    members: dict[str, set[str]] = {}
    for line in lines(folder, CLUSTERS):
        members.setdefault(line["cluster_id"], set()).add(line["local_id"])
    return set(map(frozenset, members.values()))


def test_one_person_is_one_cluster_and_a_twin_is_not_in_it(link: Link, tmp_path: Path) -> None:
    done = link(ZHANG, MISTYPED, TWIN, STRANGER)
    assert outcomes(tmp_path)["0", "1"] == "match"
    assert "match" not in {outcomes(tmp_path).get(pair) for pair in (("0", "2"), ("1", "2"))}
    assert clusters(tmp_path) == {frozenset("01"), frozenset("2"), frozenset("3")}
    assert (done.people, done.clusters, done.pairs["match"]) == (4, 1, 1)


def test_a_pair_without_a_number_is_left_to_a_steward(link: Link, tmp_path: Path) -> None:
    link(ZHANG, NO_NUMBER)
    (pair,) = lines(tmp_path, PAIRS)
    assert (pair["outcome"], pair["reasons"], pair["flags"]) == ("review", ["no_document_evidence"], [])
    assert [c["element"] for c in pair["comparisons"]] == ["name", "gender", "birth_date", "document"]
    assert clusters(tmp_path) == {frozenset("0"), frozenset("1")}


def test_a_veto_is_told_with_its_flag(link: Link, tmp_path: Path) -> None:
    other: Elements = (*ZHANG[:4], "33010619800304003X")
    link(ZHANG, other)
    (pair,) = lines(tmp_path, PAIRS)
    assert (pair["outcome"], pair["flags"]) == ("no_match", ["conflicting_documents"])


def test_a_slip_that_fits_two_people_links_neither(link: Link, tmp_path: Path) -> None:
    namesake: Elements = (*ZHANG[:4], "11010119800304007X")
    between: Elements = (*ZHANG[:4], "110101198003040070")
    link(ZHANG, between, namesake)
    assert "match" not in outcomes(tmp_path).values()
    assert len(clusters(tmp_path)) == 3


def test_of_two_files_only_pairs_across_are_made(link: Link, tmp_path: Path) -> None:
    link(ZHANG, ZHANG, ZHANG, files=(0, 0, 1), across=True)
    assert set(outcomes(tmp_path)) == {("0", "2"), ("1", "2")}
    assert clusters(tmp_path) == {frozenset("012")}


def test_a_bucket_that_is_too_large_is_cut_and_said_so(link: Link, tmp_path: Path) -> None:
    done = link(MISTYPED, *[ZHANG] * 5, bucket_limit=3)
    assert {cut.rule for cut in done.cut} >= {"document", "name_date"}
    assert all(cut.largest >= 5 for cut in done.cut)


def test_nothing_of_the_people_stays_behind(link: Link, tmp_path: Path) -> None:
    link(ZHANG, MISTYPED)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [CLUSTERS, PAIRS]
    assert "张伟明" not in (tmp_path / "out" / PAIRS).read_text("utf-8")


def test_the_scratch_folder_is_the_owners_alone(link: Link, tmp_path: Path) -> None:
    seen: list[int] = []

    def engine(tables: Any, scratch: Path, memory: str) -> DuckDBEngine:
        seen.append(stat.S_IMODE(scratch.stat().st_mode))
        return DuckDBEngine(tables, scratch, memory)

    link(ZHANG, MISTYPED, engine=engine)
    assert seen == [0o700]


@pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None, reason="needs the spark extra and Java"
)
def test_spark_says_the_same(link: Link, tmp_path: Path) -> None:
    people = (ZHANG, ZHANG, MISTYPED, TWIN, NO_NUMBER, STRANGER)
    link(*people)
    by_duckdb, joined = lines(tmp_path, PAIRS), clusters(tmp_path)
    from app.adapters.linkage.spark_engine import SparkEngine

    link(*people, engine=SparkEngine)
    by_spark = lines(tmp_path, PAIRS)
    assert clusters(tmp_path) == joined
    assert [_without_figures(pair) for pair in by_spark] == [_without_figures(pair) for pair in by_duckdb]
    for one, other in zip(by_spark, by_duckdb, strict=True):
        assert one["weight"] == pytest.approx(other["weight"], abs=1e-6)
        assert one["probability"] == pytest.approx(other["probability"], abs=1e-6)


def _without_figures(pair: dict[str, Any]) -> dict[str, Any]:
    levels = [(c["element"], c["level"]) for c in pair["comparisons"]]
    return {**pair, "weight": None, "probability": None, "comparisons": levels}
