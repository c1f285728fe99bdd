"""Labelled sets from files: a folder of NDJSON as this product shapes it, or a CSV of foreign shape."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.rows import SourceFile
from app.core.identity.elements import GivenElements
from app.core.matching.evaluation import Expect
from app.services.evaluate_set import LabelledRecord, LabelledSet, Person, Probe
from app.services.read_row import ELEMENTS

_MAPPED = (*ELEMENTS, "local_id", "person")
_SOURCE = re.compile(r'(?P<field>[a-z_]+)=(?:"(?P<literal>[^"]*)"|(?P<columns>[^~"]+)(?:~(?P<pattern>.+))?)')


class UnusableSet(Exception):  # noqa: N818 - as the operator reads it
    """A set or column map that cannot be read; says what is wrong, never a value."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a field comes from: columns joined by spaces, cut by a pattern's first group; or a literal."""

    columns: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    literal: str | None = None

    def of(self, row: Mapping[str, Any]) -> str | None:
        """The field's text in this row; None where there is none."""
        if self.literal is not None:
            return self.literal
        parts = (str(row[column]).strip() for column in self.columns if row.get(column) is not None)
        text = " ".join(part for part in parts if part)
        if self.pattern is not None:
            found = self.pattern.search(text)
            text = found[1] if found else ""
        return text or None


ColumnMap = Mapping[str, _Source]


def parse_column_map(text: str) -> ColumnMap:
    """Reads `field=column`, `field=column+column`, `field=column~PATTERN` and `field="literal"`, one a line
    or parted by `;`. Raises `UnusableSet`."""
    found: dict[str, _Source] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
        read = _SOURCE.fullmatch(part)
        if read is None or read["field"] not in _MAPPED:
            raise UnusableSet(
                f"column map: each part is FIELD=COLUMN, with FIELD one of {', '.join(_MAPPED)}"
            )
        found[read["field"]] = _source(read)
    if "person" not in found:
        raise UnusableSet("column map: person= must name what two records of one person share")
    return found


def _source(read: re.Match[str]) -> _Source:
    try:
        pattern = re.compile(read["pattern"]) if read["pattern"] else None
    except re.error:
        raise UnusableSet("column map: the part after ~ must be a regular expression") from None
    if pattern is not None and not pattern.groups:
        raise UnusableSet("column map: the pattern after ~ must have a group")
    columns = tuple(column.strip().lower() for column in (read["columns"] or "").split("+"))
    return _Source(columns, pattern, read["literal"])


def read_folder(folder: Path) -> LabelledSet:
    """`customers`, `second_records` and `probes`, each `.ndjson` or `.ndjson.gz`; read as it is asked for."""
    return LabelledSet(
        people=(LabelledRecord(_person(row), _elements(row)) for row in _rows(folder, "customers")),
        second_records=(_second(row) for row in _rows(folder, "second_records")),
        probes=(_probe(row) for row in _rows(folder, "probes")),
    )


def count_rows(folder: Path) -> int:
    """How many rows a folder's files hold, for a progress bar."""
    names = ("customers", "second_records", "probes")
    return sum(1 for name in names for _ in _rows(folder, name))


def read_csv(file: Path, columns: ColumnMap) -> LabelledSet:
    """A file of records, some of them of the same person.

    Each person's first record is stored and their others are asked for (`careful`: automatically or as a
    review). Of people with one record every second is held back and asked for as a stranger.
    """
    groups: dict[str, list[GivenElements]] = {}
    for _, row in SourceFile(file).rows():
        if isinstance(row, Mapping) and (person := columns["person"].of(row)):
            given = (columns[f].of(row) if f in columns else None for f in ELEMENTS)
            groups.setdefault(person, []).append(GivenElements(*given))
    singles = [person for person, records in groups.items() if len(records) == 1]
    strangers = set(singles[1::2])
    stored = [LabelledRecord(("", p), r[0]) for p, r in groups.items() if p not in strangers]
    return LabelledSet(stored, (), list(_questions(groups, strangers)))


def _questions(groups: Mapping[str, list[GivenElements]], strangers: set[str]) -> Iterator[Probe]:
    for person, records in groups.items():
        if person in strangers:
            yield Probe(person, "stranger", Expect.NOBODY, None, records[0])
        for number, given in enumerate(records[1:], 2):
            yield Probe(f"{person}#{number}", "duplicate", Expect.CAREFUL, ("", person), given)


def _rows(folder: Path, name: str) -> Iterator[Mapping[str, Any]]:
    found = [file for suffix in ("ndjson.gz", "ndjson") if (file := folder / f"{name}.{suffix}").is_file()]
    if not found:
        if name == "second_records":
            return
        raise UnusableSet(f"{folder}: {name}.ndjson.gz is missing")
    for line, row in SourceFile(found[0]).rows():
        if not isinstance(row, Mapping):
            raise UnusableSet(f"{found[0].name}, line {line}: must be one JSON object")
        yield row


def _elements(row: Mapping[str, Any]) -> GivenElements:
    source = row.get("elements") or row
    return GivenElements(*(source.get(field) for field in ELEMENTS))


def _person(row: Mapping[str, Any]) -> Person:
    try:
        return row["source_system"], row["local_id"]
    except KeyError as missing:
        raise UnusableSet(f"a record without {missing}") from None


def _expected(row: Mapping[str, Any]) -> Expect:
    try:
        return Expect(row["expect"])
    except (KeyError, ValueError):
        raise UnusableSet(f"expect must be one of {', '.join(Expect)}") from None


def _second(row: Mapping[str, Any]) -> LabelledRecord:
    return LabelledRecord(_person(row.get("same_as") or {}), _elements(row), _expected(row))


def _probe(row: Mapping[str, Any]) -> Probe:
    truth = row.get("truth")
    return Probe(
        probe_id=str(row.get("probe_id", "")),
        kind=str(row.get("kind", "")),
        expect=_expected(row),
        person=_person(truth) if truth else None,
        given=_elements(row),
    )
