"""`cdc quality` at the terminal."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cdc

HEADER = "source_system,local_id,name,gender,birth_date,id_type,id_number\n"
ROWS = (
    "medical,P1,王丽华,女,1980-02-29,01,110101198002290026\n"
    "medical,P2,王丽华,男,1980-02-29,01,110101198002290026\n"
    "medical,P3,欧阳震华,,1971-06-05,01,320102197106053518\n"
    "medical,P4,无,,,,\n"
    "funeral,F1,欧阳震华,男,1971-06-05,01,320102197106053517\n"
)


@pytest.fixture
def filled(cdc: Cdc, tmp_path: Path) -> Cdc:
    file = tmp_path / "people.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    assert cdc("init").exit_code == 0
    assert cdc("import", file).exit_code == 0
    return cdc


def test_each_source_system_has_a_line_of_json(filled: Cdc) -> None:
    done = filled("quality", "--json")
    assert done.exit_code == 0
    found = {line["source_system"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert {system: line["records"] for system, line in found.items()} == {"medical": 4, "funeral": 1}
    fields = found["medical"]["fields"]
    assert fields["name"]["missing"] == 0.25
    assert fields["gender"] == {"missing": 0.5, "invalid": 0.0, "contradictory": 0.25}
    assert fields["id_number"] == {"missing": 0.25, "invalid": 0.25, "contradictory": 0.0}
    assert set(found["funeral"]["fields"]["gender"].values()) == {0.0}


def test_one_system_as_a_table(filled: Cdc) -> None:
    done = filled("quality", "--source-system", "medical")
    assert done.exit_code == 0
    head, columns, *rows = done.stdout.splitlines()
    assert head.startswith("medical: 4 records, ")
    assert columns.split() == ["missing", "invalid", "contradictory"]
    shares = {row.split()[0]: row.split()[1:] for row in rows}
    assert shares["gender"] == ["50.00%", "0.00%", "25.00%"]
    assert "funeral" not in done.stdout


def test_a_system_that_nobody_knows(filled: Cdc) -> None:
    done = filled("quality", "--source-system", "hospital")
    assert done.exit_code == 1
    assert done.output == "cdc: no records of source system hospital\n"
