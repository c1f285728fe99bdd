"""People on their way into an engine: Parquet files, written row by row, so that memory stays bounded."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from app.adapters.linkage.columns import columns_of
from app.core.identity.documents.document import Document
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.names.name import Name
from app.core.matching.blocking import NAME, blocking_keys, probe_keys
from app.core.matching.model import Frequencies, Term

ROWS_A_GROUP = 10_000
_TEXT = pa.string()
_SCHEMAS = {
    "people": pa.schema(
        [
            ("unique_id", _TEXT),
            ("dataset", pa.int32()),
            ("source_system", _TEXT),
            ("local_id", _TEXT),
            ("name", _TEXT),
            ("gender", _TEXT),
            ("birth_date", _TEXT),
            ("document", _TEXT),
            ("surname", _TEXT),
            ("given", _TEXT),
            ("document_key", _TEXT),
            ("name_key", _TEXT),
            ("tf_name", pa.float64()),
            ("tf_surname", pa.float64()),
            ("tf_given", pa.float64()),
        ]
    ),
    "stored_keys": pa.schema(
        [("unique_id", _TEXT), ("dataset", pa.int32()), ("rule", _TEXT), ("value", _TEXT)]
    ),
    "asked_keys": pa.schema(
        [("unique_id", _TEXT), ("dataset", pa.int32()), ("rule", _TEXT), ("value", _TEXT)]
    ),
}
TABLES = tuple(_SCHEMAS)

Understand = Callable[[GivenElements], IdentityElements]


@dataclass(frozen=True, slots=True)
class Person:
    """One row of a file. `dataset` counts the files from 0."""

    dataset: int
    source_system: str
    local_id: str
    given: GivenElements


def write_people(
    people: Iterable[Person], folder: Path, understand: Understand, frequencies: Frequencies
) -> int:
    """Writes the tables of `TABLES` to `folder`, one Parquet file each. Answers how many people there were.

    `understand` raises what it raises for a person that cannot be read; nothing is written of them.
    """
    count = 0
    with _Writers(folder) as writers:
        for person in people:
            elements = understand(person.given)
            _write_person(writers, f"{count:09d}", person, elements, frequencies)
            count += 1
    return count


def _write_person(
    writers: "_Writers", unique_id: str, person: Person, elements: IdentityElements, frequencies: Frequencies
) -> None:
    columns = columns_of(person.given, elements)
    stored = blocking_keys(elements)
    ids = {"unique_id": unique_id, "dataset": person.dataset}
    writers.add(
        "people",
        {
            **ids,
            "source_system": person.source_system,
            "local_id": person.local_id,
            **asdict(columns),
            "document_key": _own_key(elements.document),
            "name_key": next((key.value for key in stored if key.rule == NAME), None),
            **_frequencies(elements.name, frequencies),
        },
    )
    for table, keys in (("stored_keys", stored), ("asked_keys", probe_keys(elements))):
        for key in keys:
            writers.add(table, {**ids, "rule": key.rule, "value": key.value})


def _own_key(document: Document | None) -> str | None:
    return document.key if document is not None and document.unique else None


def _frequencies(name: Name | None, frequencies: Frequencies) -> dict[str, float | None]:
    return {f"tf_{term}": None if name is None else frequencies.of(name, term) for term in Term}


class _Writers:
    """A Parquet writer a table, flushed by the row group."""

    def __init__(self, folder: Path) -> None:
        self._open = {name: pq.ParquetWriter(folder / f"{name}.parquet", _SCHEMAS[name]) for name in TABLES}
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}

    def __enter__(self) -> "_Writers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, writer in self._open.items():
            self._flush(name)
            writer.close()

    def add(self, table: str, row: dict[str, Any]) -> None:
        """Keeps a row; a full group of them is written."""
        self._rows[table].append(row)
        if len(self._rows[table]) >= ROWS_A_GROUP:
            self._flush(table)

    def _flush(self, table: str) -> None:
        if self._rows[table]:
            self._open[table].write_table(pa.Table.from_pylist(self._rows[table], schema=_SCHEMAS[table]))
            self._rows[table] = []
