"""`cdc evaluate`: a set of the product's shape, and a CSV of a foreign one."""

import gzip
import json
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Cdc

ZHANG = {
    "name": "张伟明",
    "gender": "男",
    "birth_date": "1980-03-04",
    "id_type": "01",
    "id_number": "110101198003040010",
}
LI = {
    "name": "李秀英",
    "gender": "女",
    "birth_date": "1942-03-05",
    "id_type": "01",
    "id_number": "110101194203050021",
}
FEBRL = """rec_id, given_name, surname, date_of_birth, soc_sec_id
rec-0-org, michaela, neumann, 19151111, 5304218
rec-0-dup-0, michaela, neuman, 19151111, 5304218
rec-1-org, courtney, painter, 19161214, 4066625
rec-2-org, charles, green, 19480930, 4365168
rec-3-org, vanessa, parr, 19951119, 9239102
rec-3-dup-0, vanesa, parr, 19951191, 9239102
"""
FEBRL_MAP = (
    'name=given_name+surname; birth_date=date_of_birth; id_type="99"; id_number=soc_sec_id; '
    r"person=rec_id~rec-(\d+)-"
)


def write(folder: Path, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    with gzip.open(folder / f"{name}.ndjson.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Two people, a second record of one, and four questions."""
    folder = tmp_path / "set"
    folder.mkdir()
    zhang = {"source_system": "medical", "local_id": "1"}
    write(folder, "customers", [{**zhang, **ZHANG}, {"source_system": "medical", "local_id": "2", **LI}])
    second = {
        "source_system": "funeral",
        "local_id": "1",
        "same_as": zhang,
        "expect": "same",
        "elements": ZHANG,
    }
    write(folder, "second_records", [second])
    undated = {**ZHANG, "id_type": None, "id_number": None}
    stranger = {**ZHANG, "name": "令狐望舒", "birth_date": "1999-12-31", "id_type": None, "id_number": None}
    probes = [
        ("p1", "exact", "same", zhang, ZHANG),
        ("p2", "no_id", "careful", zhang, undated),
        ("p3", "stranger", "nobody", None, stranger),
        ("p4", "impossible", "careful", zhang, {**ZHANG, "birth_date": "1980-02-30"}),
    ]
    keys = ("probe_id", "kind", "expect", "truth", "elements")
    write(folder, "probes", [dict(zip(keys, probe, strict=True)) for probe in probes])
    return folder


def test_a_set_is_judged_by_kind(cdc: Cdc, labelled: Path, tmp_path: Path) -> None:
    done = cdc("evaluate", labelled, "--json", tmp_path / "figures.json")
    assert done.exit_code == 0
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert figures["registration"]["second_linked"] == {"same": 1.0}
    assert figures["registration"]["false_merges"] == 0
    assert figures["by_expect"]["same"]["automatic"] == 1.0
    assert figures["by_expect"]["careful"]["review"] == 0.5
    assert figures["quality"] == {"precision": 1.0, "recall": pytest.approx(1 / 3), "f1": 0.5}
    assert "no_id" in done.output


def test_the_report_explains_the_errors_and_is_its_owners_alone(
    cdc: Cdc, labelled: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    assert cdc("evaluate", labelled, "--html", report).exit_code == 0
    page = report.read_text("utf-8")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    for part in (
        "left to a steward",
        "no_document_evidence",
        "张伟明",
        "the same name",
        "Refused as bad input",
    ):
        assert part in page
    assert "src=" not in page
    assert "http" not in page


def test_a_foreign_csv_is_read_through_a_column_map(cdc: Cdc, tmp_path: Path) -> None:
    file = tmp_path / "febrl.csv"
    file.write_text(FEBRL.replace(", ", ","), "utf-8")
    done = cdc("evaluate", file, "--map", FEBRL_MAP, "--json", tmp_path / "figures.json")
    assert done.exit_code == 0, done.output
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert figures["registration"]["people"] == 3
    assert {(row["kind"], row["probes"]) for row in figures["by_kind"]} == {("duplicate", 2), ("stranger", 1)}
    assert figures["by_expect"]["careful"]["wrong"] == 0


@pytest.mark.parametrize(
    ("column_map", "says"),
    [
        ("nickname=given_name; person=rec_id", "FIELD=COLUMN"),
        ("name=given_name", "person="),
        ("person=rec_id~rec-(", "regular expression"),
        ("person=rec_id~rec", "group"),
    ],
)
def test_a_wrong_column_map_is_explained(cdc: Cdc, tmp_path: Path, column_map: str, says: str) -> None:
    file = tmp_path / "febrl.csv"
    file.write_text(FEBRL, "utf-8")
    done = cdc("evaluate", file, "--map", column_map)
    assert done.exit_code == 1
    assert says in done.output


def test_a_set_without_probes_is_explained(cdc: Cdc, labelled: Path) -> None:
    (labelled / "probes.ndjson.gz").unlink()
    done = cdc("evaluate", labelled)
    assert done.exit_code == 1
    assert "probes.ndjson.gz is missing" in done.output
