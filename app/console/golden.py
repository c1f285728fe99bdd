"""A golden record as a table: each value, masked or in clear, with where it came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.console.side_by_side import Person, shown
from app.core.identity.redaction import MASK, mask_date, mask_name, mask_number
from app.core.index.golden_record import GoldenRecord, Provenance

_MASKS: Mapping[str, Callable[[str], str]] = {
    "phones": mask_number,
    "documents": mask_number,
    "deceased_date": mask_date,
    "former_names": mask_name,
}


@dataclass(frozen=True, slots=True)
class Value:
    """One row. `words`: the group of messages that puts the value into words, "" where it is shown as it is;
    `kind` tells values of one field apart."""

    field: str
    shown: str
    kind: str | None
    provenance: Provenance
    words: str = ""


def values(golden: GoldenRecord, person: Person, *, clear: bool) -> list[Value]:
    """Every value that survived. `person` is the golden record's elements, understood."""
    given = shown(person, clear=clear)
    of = {entry.field: entry for entry in golden.provenance}
    found: list[Value] = []
    if given.name and "name" in of:
        found.append(Value("name", given.name, None, of["name"]))
    if given.gender and "gender" in of:
        found.append(Value("gender", given.gender, None, of["gender"], "gender"))
    if given.birth_date and "birth_date" in of:
        found.append(Value("birth_date", given.birth_date, None, of["birth_date"]))
    if given.id_number and "document" in of:
        found.append(Value("document", given.id_number, given.id_type, of["document"]))
    if golden.deceased:
        found.append(Value("deceased", "yes", None, of["deceased"], "deceased"))
    found += [
        Value(
            best.attribute.field,
            best.attribute.value if clear else _masked(best.attribute.field, best.attribute.value),
            best.attribute.kind,
            best.provenance,
        )
        for best in golden.attributes
    ]
    return found


def _masked(field: str, value: str) -> str:
    mask = _MASKS.get(field)
    return mask(value) if mask else MASK * 3
