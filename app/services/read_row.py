"""A row of a file as what a source system says of one person."""

from collections.abc import Mapping

from app.core.identity.elements import GivenElements
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.index.attributes import FIELDS, Field
from app.core.index.customer import LocalId
from app.services.placing import Registration
from app.services.read_basic_data import BasicData, ReadBasicData

ELEMENTS = ("name", "gender", "birth_date", "id_type", "id_number")
MAX_ID = 128
_DOTTED = "attributes."


def read_row(
    row: Mapping[str, object], default_system: str | None, basic_data: ReadBasicData
) -> Registration:
    """A row's registration: the five flat or under `elements`, basic data under `attributes` or, in a file
    with columns, as `attributes.phones` …, several values with `;` between them; unknown fields are ignored.

    Raises `InvalidElements` naming every field that is missing or of the wrong type. None or an empty text
    says that an element is not known; an element that is not there at all says nothing, and is missing.
    """
    nested = row.get("elements")
    elements = nested if isinstance(nested, Mapping) else row
    failures: list[InvalidElement] = []
    system = _identifier("source_system", row.get("source_system") or default_system, failures)
    local_id = _identifier("local_id", row.get("local_id"), failures)
    given = [_element(field, elements, failures) for field in ELEMENTS]
    said = BasicData()
    try:
        deceased = row.get("deceased", elements.get("deceased"))
        said = basic_data(row.get("verification"), _attributes(row), deceased)
    except InvalidElements as wrong:
        failures.extend(wrong.failures)
    if failures:
        raise InvalidElements(tuple(failures))
    local = LocalId(system, local_id)
    return Registration(local, GivenElements(*given), said.deceased, said.verification, said.attributes)


def _attributes(row: Mapping[str, object]) -> Mapping[str, object] | None:
    nested = row.get("attributes")
    if isinstance(nested, Mapping):
        return nested
    columns = {name.removeprefix(_DOTTED): value for name, value in row.items() if name.startswith(_DOTTED)}
    if not columns:
        return None
    return {name: _cell(name, value) for name, value in columns.items() if value not in (None, "")}


def _cell(name: str, value: object) -> object:
    """Several values stand in one cell with `;` between them, a kind before each: `home:01062345678`."""
    field = FIELDS.get(name)
    if field is None or not field.many or not isinstance(value, str):
        return value
    return [_kind_and_value(field, text.strip()) for text in value.split(";") if text.strip()]


def _kind_and_value(field: Field, text: str) -> object:
    kind, colon, value = text.partition(":")
    return {"kind": kind, "value": value.strip()} if colon and kind in field.kinds else text


def _identifier(field: str, value: object, failures: list[InvalidElement]) -> str:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not is_identifier(text):
        failures.append(InvalidElement(field, "invalid", identifier_rule()))
    return text


def is_identifier(text: str) -> bool:
    """Whether a source system's name or a local ID can be stored and stand in a URL."""
    clean = text.isprintable() and text.strip() == text and not {"/", "\N{REPLACEMENT CHARACTER}"} & set(text)
    return 0 < len(text) <= MAX_ID and clean


def identifier_rule() -> str:
    """What `is_identifier` asks, for people."""
    return f"1 to {MAX_ID} printable characters without '/'"


def _element(field: str, elements: Mapping[str, object], failures: list[InvalidElement]) -> str | None:
    """Taken as "not given", a forgotten column would erase what is known of everybody in the file."""
    if field not in elements:
        failures.append(InvalidElement(field, "missing", "all five elements, empty or null where not known"))
        return None
    return _text(field, elements[field], failures)


def _text(field: str, value: object, failures: list[InvalidElement]) -> str | None:
    """CSV has no null: an empty cell is "not given". A code written as a number is its digits."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    failures.append(InvalidElement(field, "type", "a string or null"))
    return None
