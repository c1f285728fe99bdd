"""`cdc import` at the terminal: what it refuses before it starts, and what it keeps when it breaks off."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import Result

from tests.cli.conftest import Cdc, refused

HEADER = "local_id,name,gender,birth_date,id_type,id_number\n"
ROW = "P1,王丽华,女,1980-02-29,01,110101198002290026\n"


@pytest.fixture
def index(cdc: Cdc) -> Cdc:
    assert cdc("init").exit_code == 0
    return cdc


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(HEADER + ROW, encoding="utf-8")
    return file


def importing(cdc: Cdc, file: Path, *options: str | Path) -> Result:
    return cdc("import", file, "--source-system", "medical", *options)


def names(rejects: Path) -> list[tuple[int, str, str]]:
    rows = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    return [(row["line"], row["field"], row["code"]) for row in rows]


@pytest.mark.parametrize("name", ["people.csv", "link.csv", "./people.csv"])
def test_the_file_to_import_is_never_overwritten(index: Cdc, people: Path, name: str) -> None:
    (people.parent / "link.csv").symlink_to(people)
    assert "is the file to import" in refused(importing(index, people, "--rejects", name))
    assert people.read_text("utf-8") == HEADER + ROW


def test_nor_is_it_what_rejects_are_written_to_on_the_way(index: Cdc, people: Path) -> None:
    file = people.rename(people.with_name("people.csv.part"))
    assert "is the file to import" in refused(importing(index, file, "--rejects", "people.csv"))
    assert file.read_text("utf-8") == HEADER + ROW


@pytest.mark.parametrize("place", [".", "/dev/null", "nowhere/rejects"])
def test_a_place_for_rejects_that_cannot_be_is_said_first(index: Cdc, people: Path, place: str) -> None:
    refused(importing(index, people, "--rejects", place))
    assert "created 1" in importing(index, people).output


def test_rejects_of_an_earlier_run_do_not_stay(index: Cdc, people: Path) -> None:
    rejects = people.with_name("people.csv.rejects.ndjson")
    people.write_text(HEADER + "P1,王丽华\n", encoding="utf-8")
    assert "rejected 1" in importing(index, people).output
    assert names(rejects) == [(2, "row", "csv")]
    people.write_text(HEADER + ROW, encoding="utf-8")
    assert "rejected 0" in importing(index, people).output
    assert sorted(file.name for file in people.parent.iterdir()) == ["people.csv", "var"]


def test_a_column_that_is_not_there_erases_nothing(index: Cdc, people: Path) -> None:
    assert "created 1" in importing(index, people).output
    people.write_text("local_id,name,gender\nP1,王丽华,女\n", encoding="utf-8")
    assert "rejected 1" in importing(index, people).output
    missing = ["birth_date", "id_type", "id_number"]
    assert names(people.with_name("people.csv.rejects.ndjson")) == [(2, f, "missing") for f in missing]
    people.write_text(HEADER + ROW, encoding="utf-8")
    assert "unchanged 1" in importing(index, people).output


def test_what_stands_before_damage_is_stored_and_its_rejects_are_kept(index: Cdc, tmp_path: Path) -> None:
    five = dict.fromkeys(("gender", "birth_date", "id_type", "id_number"))
    rows = [
        {"local_id": f"P{n}", "name": "王丽华", "x": hashlib.sha256(b"%d" % n).hexdigest(), **five}
        for n in range(40)
    ]
    content = "\n".join(map(json.dumps, [{"local_id": "Q"}, *rows])).encode()
    file = tmp_path / "people.ndjson.gz"
    file.write_bytes(gzip.compress(content)[:-200])
    done = importing(index, file)
    assert done.exit_code == 1
    assert "the rows before are stored" in done.output
    assert "rows 3" in done.output
    assert {line for line, _, _ in names(tmp_path / "people.ndjson.gz.rejects.ndjson")} == {1}


@pytest.mark.parametrize("encoding", ["idna", "undefined", "utf-16", "klingon"])
def test_an_encoding_that_cannot_be_is_one_line(index: Cdc, people: Path, encoding: str) -> None:
    assert "--encoding must be auto or" in refused(importing(index, people, "--encoding", encoding))
