"""Whole files of source records: a bad row is rejected by name and never sinks the rest."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from app.core.identity.elements import GivenElements
from app.core.identity.failure import InvalidElement, InvalidElements
from app.core.index.attributes import FIELDS, Field
from app.core.index.customer import LocalId
from app.services.index_journal import Actor
from app.services.placing import Registration
from app.services.read_basic_data import BasicData, ReadBasicData
from app.services.register_customer import RegisterCustomer
from app.services.resolver import Resolver
from app.services.source_rows import Row

BATCH = 500
ELEMENTS = ("name", "gender", "birth_date", "id_type", "id_number")
MAX_ID = 128
_DOTTED = "attributes."


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a row was not taken. Holds no value of the row."""

    line: int
    field: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What one batch brought: how many rows ended how, and which were rejected."""

    rows: int
    outcomes: Mapping[str, int]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class _Batch:
    """`size` rows, sifted."""

    size: int
    taken: tuple[Registration, ...]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class ImportSourceRecords:
    """Registers rows batch by batch, each batch in one transaction; what was reported as done is stored."""

    register: RegisterCustomer
    resolver: Resolver
    basic_data: ReadBasicData

    async def __call__(
        self, rows: Iterable[Row], default_system: str | None, by: Actor
    ) -> AsyncIterator[Progress]:
        """Yields after each committed batch. Raises `StorageUnavailable`, and what `rows` raises.

        While the database works on a batch, a thread reads and understands the next one.
        """
        remaining = iter(rows)
        upcoming = asyncio.create_task(asyncio.to_thread(self._next, remaining, default_system))
        try:
            while (batch := await upcoming).size:
                upcoming = asyncio.create_task(asyncio.to_thread(self._next, remaining, default_system))
                outcomes: dict[str, int] = {}
                for done in await self.register.batch(batch.taken, by) if batch.taken else ():
                    outcome = done.outcome if done.changed else "unchanged"
                    outcomes[outcome] = outcomes.get(outcome, 0) + 1
                yield Progress(batch.size, outcomes, batch.rejects)
        finally:
            with suppress(Exception):  # who closes the generator early still waits for the thread to let go
                await upcoming

    def _next(self, remaining: Iterator[Row], default_system: str | None) -> _Batch:
        rows = list(islice(remaining, BATCH))
        taken, rejects = self.sift(rows, default_system)
        return _Batch(len(rows), tuple(row for _, row in taken), tuple(rejects))

    def sift(
        self, batch: Sequence[Row], default_system: str | None
    ) -> tuple[list[tuple[int, Registration]], list[Reject]]:
        """What can be registered, with its line, and why the rest cannot."""
        taken: list[tuple[int, Registration]] = []
        rejects: list[Reject] = []
        for line, row in batch:
            try:
                taken.append((line, self._read(row, default_system)))
            except InvalidElements as wrong:
                rejects.extend(Reject(line, f.field, f.code, f.expected) for f in wrong.failures)
        return taken, rejects

    def _read(self, row: Mapping[str, object] | InvalidElement, default_system: str | None) -> Registration:
        if isinstance(row, InvalidElement):
            raise InvalidElements((row,))
        registration = read_row(row, default_system, self.basic_data)
        self.resolver.understand(registration.given)
        return registration


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
