"""A model document as Splink's settings."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from app.core.matching.comparison import MISSING, Element

Document = Mapping[str, Any]
"""A model document: `version`, `settings`, `term_frequencies`, `thresholds`."""


def splink_settings(document: Document, elements: Collection[Element] = tuple(Element)) -> dict[str, Any]:
    """Splink's settings of a model, for some of its comparisons.

    Blocking is none of Splink's: the pairs are those that share a key of the core's, so that a file is linked
    by the very rules that an online match is.
    """
    settings = deepcopy(dict(document["settings"]))
    settings["comparisons"] = [c for c in settings["comparisons"] if c["output_column_name"] in elements]
    settings["blocking_rules_to_generate_predictions"] = []
    settings["retain_matching_columns"] = True
    settings["retain_intermediate_calculation_columns"] = True
    return settings


def level_case(document: Document, element: Element) -> str:
    """An SQL expression: Splink's number of a level (`gamma_…`) back to the level's name.

    Splink counts the levels that are not the null level from the last, 0; the null level is -1.
    """
    whens = [
        f"WHEN gamma_{element} = {number} THEN '{label}'" for number, label in _numbered(document, element)
    ]
    return f"CASE {' '.join(whens)} ELSE '{MISSING}' END"


def _numbered(document: Document, element: Element) -> list[tuple[int, str]]:
    rows = next(
        c["comparison_levels"]
        for c in document["settings"]["comparisons"]
        if c["output_column_name"] == element
    )
    labels = [str(row["label_for_charts"]) for row in rows if not row.get("is_null_level", False)]
    return list(enumerate(reversed(labels)))
