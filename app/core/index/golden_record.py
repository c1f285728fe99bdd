"""The customer's best known values, and where each came from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.identity.elements import GivenElements
from app.core.index.attributes import FIELDS, Attribute, Verification
from app.core.index.customer import LocalId, SourceRecord

ELEMENTS = ("name", "gender", "birth_date", "document")
"""ID type and number survive as one, `document`: a number never stands under another record's type."""
DECEASED = "deceased"
RULED = (*ELEMENTS, *FIELDS, DECEASED)
"""What survivorship rules can name."""

_LEVELS = {level: place for place, level in enumerate(Verification)}


@dataclass(frozen=True, slots=True)
class SurvivorshipRules:
    """Which of several values survives: the surer verification, then the earlier source system in the field's
    order (systems not named come last, as equals), then the later time.

    `source_order` is every field's order but of those that `field_orders` names.
    """

    source_order: tuple[str, ...] = ()
    field_orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def place(self, ruled: str, source_system: str) -> int:
        """A source system's place in the order of a field, the best first."""
        order = self.field_orders.get(ruled, self.source_order)
        return order.index(source_system) if source_system in order else len(order)


BY_VERIFICATION_AND_TIME = SurvivorshipRules()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value came from. `rule` is what decided: `only_value` (nobody says otherwise), `verification`,
    `source_order` or `recency`."""

    field: str
    source: LocalId
    at: datetime
    verification: Verification
    rule: str


@dataclass(frozen=True, slots=True)
class BestAttribute:
    """A value that survived."""

    attribute: Attribute
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class GoldenRecord:
    """The surviving values. `provenance` has an entry for each element that is known, and for `deceased`."""

    elements: GivenElements
    deceased: bool
    attributes: tuple[BestAttribute, ...]
    provenance: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A value as one record says it."""

    value: Any
    attribute: Attribute | None
    record: SourceRecord
    verification: Verification


def golden_record(
    records: Sequence[SourceRecord], rules: SurvivorshipRules = BY_VERIFICATION_AND_TIME
) -> GoldenRecord:
    """Survivorship, field by field; independent of the records' order. Fields that allow many values keep all
    that are said, the best first. Whom any record calls dead is dead."""
    best = {name: _survivor(name, _elements(records, name), rules) for name in ELEMENTS}
    dead = _survivor(DECEASED, [_Said(True, None, r, r.verification) for r in records if r.deceased], rules)
    values = {name: said.value for name, (said, _) in ((n, b) for n, b in best.items() if b)}
    id_type, id_number = values.get("document", (None, None))
    return GoldenRecord(
        elements=GivenElements(
            values.get("name"), values.get("gender"), values.get("birth_date"), id_type, id_number
        ),
        deceased=dead is not None,
        attributes=tuple(best for name in FIELDS for best in _attributes(name, records, rules)),
        provenance=tuple(found[1] for found in (*best.values(), dead) if found),
    )


def changed_fields(before: GoldenRecord | None, after: GoldenRecord | None) -> tuple[str, ...]:
    """The names of the fields whose values differ, wherever they came from; None is nobody."""
    left, right = _values(before), _values(after)
    return tuple(name for name in RULED if left.get(name) != right.get(name))


def _values(golden: GoldenRecord | None) -> dict[str, Any]:
    if golden is None:
        return {}
    given = golden.elements
    values: dict[str, Any] = {"name": given.name, "gender": given.gender, "birth_date": given.birth_date}
    values["document"] = (given.id_type, given.id_number) if given.id_number else None
    values[DECEASED] = True if golden.deceased else None
    for best in golden.attributes:
        said = (best.attribute.value, best.attribute.kind)
        values[best.attribute.field] = values.get(best.attribute.field, frozenset()) | {said}
    return {name: value for name, value in values.items() if value is not None}


_READ: Mapping[str, Callable[[GivenElements], Any]] = {
    "name": lambda given: given.name,
    "gender": lambda given: given.gender,
    "birth_date": lambda given: given.birth_date,
    "document": lambda given: (given.id_type, given.id_number) if given.id_number else None,
}


def _elements(records: Sequence[SourceRecord], name: str) -> list[_Said]:
    read = _READ[name]
    return [
        _Said(value, None, record, record.verification)
        for record in records
        if (value := read(record.given)) is not None
    ]


def _attributes(name: str, records: Sequence[SourceRecord], rules: SurvivorshipRules) -> list[BestAttribute]:
    said = [
        _Said((attribute.value, attribute.kind), attribute, record, attribute.verification)
        for record in records
        for attribute in record.attributes
        if attribute.field == name
    ]
    if not FIELDS[name].many:
        found = _survivor(name, said, rules)
        return [BestAttribute(found[0].attribute, found[1])] if found and found[0].attribute else []
    kept: dict[Any, BestAttribute] = {}
    for one in sorted(said, key=lambda s: _rank(name, s, rules)):
        if one.value not in kept and one.attribute:
            kept[one.value] = BestAttribute(one.attribute, _provenance(name, one, "only_value"))
    return list(kept.values())


def _survivor(name: str, said: Sequence[_Said], rules: SurvivorshipRules) -> tuple[_Said, Provenance] | None:
    if not said:
        return None
    ranked = sorted(said, key=lambda s: _rank(name, s, rules))
    best = ranked[0]
    rival = next((one for one in ranked if one.value != best.value), None)
    rule = "only_value" if rival is None else _decisive(_rank(name, best, rules), _rank(name, rival, rules))
    return best, _provenance(name, best, rule)


_Rank = tuple[int, int, float, str, str]


def _rank(name: str, said: _Said, rules: SurvivorshipRules) -> _Rank:
    """Smaller is better; the local ID only makes an order of what is equal in all else."""
    record = said.record
    place = rules.place(name, record.local.source_system)
    later_first = -record.updated_at.timestamp()
    return (
        _LEVELS[said.verification],
        place,
        later_first,
        record.local.source_system,
        record.local.local_id,
    )


def _decisive(best: _Rank, rival: _Rank) -> str:
    names = ("verification", "source_order")
    return next((n for n, a, b in zip(names, best, rival, strict=False) if a != b), "recency")


def _provenance(name: str, said: _Said, rule: str) -> Provenance:
    return Provenance(name, said.record.local, said.record.updated_at, said.verification, rule)
