"""The model document: what is shipped holds together, and what must not be used is refused."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from importlib.resources import files
from math import log2
from pathlib import Path
from typing import Any

import pytest

from app.adapters.reference.model import load_model, load_shipped_model
from app.core.identity.elements import IdentityElements
from app.core.matching.comparison import Element
from app.core.matching.model import LEVELS, InvalidModel, Term, read_model

Person = Callable[[tuple[str | None, ...]], IdentityElements]
SHIPPED: dict[str, Any] = json.loads(
    files("app.adapters.reference").joinpath("models/default.json").read_text(encoding="utf-8")
)


def level_of(document: dict[str, Any], comparison: int, label: str) -> dict[str, Any]:
    levels = document["settings"]["comparisons"][comparison]["comparison_levels"]
    found: dict[str, Any] = next(level for level in levels if level["label_for_charts"] == label)
    return found


@pytest.mark.parametrize("element", list(Element))
def test_the_shipped_probabilities_are_distributions(element: Element) -> None:
    rows = [level for label, level in load_shipped_model().levels(element).items() if label != "missing"]
    assert sum(row.m for row in rows) == pytest.approx(1, abs=0.005)
    assert sum(row.u for row in rows) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize("element", list(Element))
def test_levels_are_in_splink_s_order_and_end_in_else(element: Element) -> None:
    comparisons = SHIPPED["settings"]["comparisons"]
    (rows,) = [c["comparison_levels"] for c in comparisons if c["output_column_name"] == element]
    assert [row["label_for_charts"] for row in rows[1:]] == [
        str(v) for v in LEVELS[element] if v != "missing"
    ]
    assert rows[0]["is_null_level"] is True
    assert rows[-1]["sql_condition"] == "ELSE"


def test_a_weight_is_the_log_of_the_bayes_factor() -> None:
    same = load_shipped_model().birth_date["same"]
    assert same.weight == pytest.approx(log2(same.m / same.u))
    assert load_shipped_model().document["missing"].weight == 0


def test_agreement_never_weighs_less_than_missing_and_disagreement_never_more() -> None:
    model = load_shipped_model()
    for element in Element:
        assert model.levels(element)["same"].weight > 0 > model.levels(element)["different"].weight


def test_common_names_are_worth_less(person: Person) -> None:
    frequencies = load_shipped_model().frequencies

    def share(text: str) -> float:
        name = person((text, None, None, None, None)).name
        assert name is not None
        return frequencies.of(name, Term.NAME)

    assert share("张伟") == pytest.approx(290_607 / 1.41e9, rel=0.05)
    assert share("张伟") > share("王娜") > share("令狐冲") > 0
    assert share("阿依古丽·卡德尔") == frequencies.unsplit


def test_no_shipped_name_is_borne_by_fewer_than_twenty_people() -> None:
    frequencies = load_shipped_model().frequencies
    for shares in (frequencies.surnames, frequencies.given_names):
        assert min(shares.values()) * 1.41e9 >= 20


def without_a_level(document: dict[str, Any]) -> None:
    document["settings"]["comparisons"][0]["comparison_levels"].pop()


def with_an_unknown_level(document: dict[str, Any]) -> None:
    level_of(document, 0, "homophone")["label_for_charts"] = "sounds_alike"


def without_a_comparison(document: dict[str, Any]) -> None:
    document["settings"]["comparisons"].pop()


def with_zero_probability(document: dict[str, Any]) -> None:
    level_of(document, 1, "same")["u_probability"] = 0


def with_a_probability_of_text(document: dict[str, Any]) -> None:
    level_of(document, 1, "same")["m_probability"] = "0.9"


def with_a_true_probability(document: dict[str, Any]) -> None:
    level_of(document, 1, "same")["m_probability"] = True


def without_a_probability(document: dict[str, Any]) -> None:
    del level_of(document, 3, "same")["m_probability"]


def with_a_certain_prior(document: dict[str, Any]) -> None:
    document["settings"]["probability_two_random_records_match"] = 1


def with_term_frequency_of_dates(document: dict[str, Any]) -> None:
    level = level_of(document, 2, "same")
    level |= {
        "tf_adjustment_column": "name",
        "tf_adjustment_weight": 1,
        "disable_tf_exact_match_detection": True,
    }


def with_half_a_term_frequency(document: dict[str, Any]) -> None:
    level_of(document, 0, "same")["tf_adjustment_weight"] = 0.5


def with_a_second_null_level(document: dict[str, Any]) -> None:
    level_of(document, 0, "different")["is_null_level"] = True


def with_thresholds_out_of_order(document: dict[str, Any]) -> None:
    document["thresholds"]["possible"] = 11


def without_thresholds(document: dict[str, Any]) -> None:
    del document["thresholds"]


def without_term_frequencies(document: dict[str, Any]) -> None:
    document["term_frequencies"] = None


@pytest.mark.parametrize(
    "spoil",
    [
        without_a_level,
        with_an_unknown_level,
        without_a_comparison,
        with_zero_probability,
        with_a_probability_of_text,
        with_a_true_probability,
        without_a_probability,
        with_a_certain_prior,
        with_term_frequency_of_dates,
        with_half_a_term_frequency,
        with_a_second_null_level,
        with_thresholds_out_of_order,
        without_thresholds,
        without_term_frequencies,
    ],
)
def test_a_spoilt_model_is_refused(spoil: Callable[[dict[str, Any]], None]) -> None:
    document = deepcopy(SHIPPED)
    spoil(document)
    with pytest.raises(InvalidModel, match="model: "):
        read_model(document)


def test_a_model_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(SHIPPED), encoding="utf-8")
    assert load_model(path) == load_shipped_model()


@pytest.mark.parametrize("text", ["", "[]", "{", "\udcff"], ids=["empty", "list", "cut", "not UTF-8"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidModel, match=r"model\.json"):
        load_model(path)
    with pytest.raises(InvalidModel):
        load_model(tmp_path / "nothing.json")


def test_the_documented_weights_are_the_model_s() -> None:
    text = (Path(__file__).parents[3] / "docs" / "matching.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([\d.e-]+) \| [\d.e-]+ \| ([+-][\d.]+)", text, re.MULTILINE)
    shipped = [
        (label, f"{level.m:g}", f"{level.weight:+.1f}")
        for element in Element
        for label, level in load_shipped_model().levels(element).items()
        if label != "missing"
    ]
    assert rows == shipped
