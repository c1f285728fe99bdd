"""`cdc model` and `cdc link` at the terminal."""

import json
from importlib import resources
from pathlib import Path

import pytest

from tests.cli.conftest import Cdc

WANG = {"name": "王丽华", "gender": "女", "birth_date": "1980-02-29", "id_type": None, "id_number": None}


def lines(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_show_lists_every_level_with_its_weight(cdc: Cdc) -> None:
    shown = cdc("model", "show").output
    for part in ("homophone", "day_month_swapped", "different_valid", "frequency of the surname", "prior"):
        assert part in shown


def test_show_adds_a_pair_up(cdc: Cdc) -> None:
    shown = cdc("model", "show", "--pair", "-", stdin=lines(WANG, {**WANG, "name": "王立华"})).output
    assert "one character differs and sounds the same but for the tone" in shown
    assert "no_document_evidence" in shown
    assert "probability" in shown


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        (lines(WANG), "two lines"),
        ("王丽华\n王立华\n", "two lines"),
        (lines(WANG, {**WANG, "birth_date": "1980-02-30"}), "birth_date"),
    ],
)
def test_a_pair_that_cannot_be_read_is_explained_without_its_values(cdc: Cdc, stdin: str, says: str) -> None:
    done = cdc("model", "show", "--pair", "-", stdin=stdin)
    assert done.exit_code == 1
    assert says in done.output
    assert "王丽华" not in done.output
    assert "1980-02-30" not in done.output


def test_link_names_what_it_cannot_read_and_links_the_rest(cdc: Cdc, tmp_path: Path) -> None:
    pytest.importorskip("splink")
    numbered = {**WANG, "id_type": "01", "id_number": "11010119800229002X"}
    file = tmp_path / "clinic.ndjson"
    file.write_text(lines(numbered, {**numbered, "birth_date": "1980-02-30"}, numbered), "utf-8")
    done = cdc("link", file, "--output", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "people 2  rejected 1" in done.output
    (pair,) = [json.loads(line) for line in (tmp_path / "out/pairs.ndjson").read_text("utf-8").splitlines()]
    assert pair["left"] == {"source_system": "clinic", "local_id": "1"}
    assert pair["right"] == {"source_system": "clinic", "local_id": "3"}
    (reject,) = [
        json.loads(line) for line in (tmp_path / "out/rejects.ndjson").read_text("utf-8").splitlines()
    ]
    assert (reject["line"], reject["field"]) == (2, "birth_date")


def test_link_takes_one_file_or_two(cdc: Cdc, tmp_path: Path) -> None:
    file = tmp_path / "clinic.ndjson"
    file.write_text("", "utf-8")
    done = cdc("link", file, file, file, "--output", tmp_path / "out")
    assert done.exit_code == 1
    assert "one file" in done.output


def test_a_missing_extra_is_named(cdc: Cdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for module in [name for name in sys.modules if name.startswith("app.adapters.linkage")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    file = tmp_path / "clinic.ndjson"
    file.write_text(lines(WANG), "utf-8")
    done = cdc("link", file, "--output", tmp_path / "out")
    assert done.exit_code == 1
    assert "customer-data-center[linkage]" in done.output


def test_a_model_file_of_ones_own_is_used(cdc: Cdc, tmp_path: Path) -> None:
    shipped = resources.files("app.adapters.reference").joinpath("models/default.json").read_text("utf-8")
    own = tmp_path / "own.json"
    own.write_text(json.dumps({**json.loads(shipped), "version": "ours"}), "utf-8")
    assert "model ours" in cdc("model", "show", "--model", own).output


def test_frequencies_are_learned_from_the_store_and_told_in_no_more_than_shares(
    cdc: Cdc, tmp_path: Path
) -> None:
    assert cdc("init").exit_code == 0
    rows = [
        {"source_system": "clinic", "local_id": str(n),
         "name": "令狐冲" if n < 30 else f"王{chr(0x5E00 + n)}",
         "gender": "male", "birth_date": f"19{50 + n % 40}-0{1 + n % 9}-1{n % 9}",
         "id_type": "passport", "id_number": f"E{n * 7919 % 10**8:08}"}
        for n in range(40)
    ]  # fmt: skip
    people = tmp_path / "people.ndjson"
    people.write_text(lines(*rows), "utf-8")
    assert cdc("import", people).exit_code == 0
    done = cdc("model", "frequencies", "--output", tmp_path / "own.json")
    assert done.exit_code == 0, done.output
    assert "people 40" in done.output
    own = json.loads((tmp_path / "own.json").read_text("utf-8"))
    assert own["term_frequencies"]["surname"]["令狐"] > 0.002
    assert own["version"] in done.output
    assert cdc("model", "show", "--model", tmp_path / "own.json").exit_code == 0
