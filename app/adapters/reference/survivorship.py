"""Survivorship rules from a JSON file: the shipped one, or the installation's own."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson

from app.core.index.golden_record import RULED, SurvivorshipRules


class InvalidSurvivorship(ValueError):  # noqa: N818 - names what is wrong with the file
    """A file of survivorship rules that cannot be used; says what would be right."""


def load_shipped_survivorship() -> SurvivorshipRules:
    """No source system before another: verification, then recency."""
    return parse_survivorship(files("app.adapters.reference").joinpath("data/survivorship.json").read_bytes())


def load_survivorship(path: Path) -> SurvivorshipRules:
    """The rules of a file. Raises `InvalidSurvivorship`, `OSError`."""
    return parse_survivorship(path.read_bytes())


def parse_survivorship(text: bytes) -> SurvivorshipRules:
    """`{"source_order": [systems, the best first], "fields": {FIELD: [systems]}}`; both may be left out."""
    try:
        rules = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidSurvivorship("survivorship rules must be one JSON object") from None
    if not isinstance(rules, dict) or rules.keys() - {"source_order", "fields"}:
        raise InvalidSurvivorship("survivorship rules have the keys source_order and fields")
    orders = rules.get("fields", {})
    if not isinstance(orders, dict) or orders.keys() - set(RULED):
        raise InvalidSurvivorship(f"survivorship rules: fields may name {', '.join(RULED)}")
    by_field = {name: _order(name, order) for name, order in orders.items()}
    return SurvivorshipRules(_order("source_order", rules.get("source_order", [])), by_field)


def _order(name: str, order: Any) -> tuple[str, ...]:
    if not isinstance(order, list) or not all(isinstance(system, str) and system for system in order):
        raise InvalidSurvivorship(f"survivorship rules: {name} must be a list of source systems")
    return tuple(order)
