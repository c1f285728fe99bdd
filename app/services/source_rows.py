"""Rows of a file as its bytes come in: NDJSON or CSV, plain or gzip, UTF-8 or GB 18030.

Nothing is held but the row that is not whole yet (and, at first, the sample that tells the encoding).
"""

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Literal

from app.core.identity.failure import InvalidElement
from app.services.encodings import SAMPLE, known_encoding, told_by
from app.services.file_lines import CsvRecords, Line, Lines, too_long
from app.services.unpacking import DamagedFile, Unpacking

Row = tuple[int, Mapping[str, object] | InvalidElement]
"""A line number with what stands there, or why it could not be read at all."""

Form = Literal["ndjson", "csv"]


class RowReader:
    """Takes a file in pieces of any size and gives its rows, each with the line it begins in. `encoding`
    auto: UTF-8, or GB 18030 (which registration desks still export) where the beginning plainly is that.
    Raises `LookupError` for one that is unknown."""

    def __init__(self, form: Form, encoding: str = "auto") -> None:
        self._encoding = None if encoding == "auto" else known_encoding(encoding)
        self._unpack = Unpacking()
        self._sample = bytearray()
        self._lines = Lines()
        self._records = CsvRecords()
        self._form = form
        self._header: list[str] | InvalidElement | None = None

    def feed(self, piece: bytes) -> Iterator[Row]:
        """The rows that this piece completes, which must be taken before the next. Raises `DamagedFile`,
        once every row before the damage is given."""
        try:
            for content in self._unpack.feed(piece):
                yield from self._take(content)
        except DamagedFile:
            yield from self._begin_if_not_begun()
            raise

    def finish(self) -> Iterator[Row]:
        """The rows that the end completes. Raises `DamagedFile`; the line that was cut is no row then."""
        yield from self._begin_if_not_begun()
        self._unpack.finish()
        yield from self._rows(self._lines.rest(), last=True)

    def _take(self, content: bytes) -> Iterator[Row]:
        if self._encoding is not None:
            yield from self._rows(self._lines.feed(content))
            return
        self._sample += content
        if len(self._sample) >= SAMPLE:
            yield from self._begin()

    def _begin_if_not_begun(self) -> Iterator[Row]:
        if self._encoding is None:
            yield from self._begin()

    def _begin(self) -> Iterator[Row]:
        sample, self._sample = bytes(self._sample), bytearray()
        self._encoding = told_by(sample)
        yield from self._rows(self._lines.feed(sample))

    def _rows(self, lines: Iterator[Line], *, last: bool = False) -> Iterator[Row]:
        if self._form == "csv":
            yield from self._csv(lines, last)
            return
        for number, line in lines:
            if line is None:
                yield number, too_long()
            elif line.strip():
                yield number, self._json(line)

    def _json(self, line: bytes) -> dict[str, object] | InvalidElement:
        try:
            row = json.loads(line.decode(self._encoding or "utf-8"), parse_constant=_no_number)
        except UnicodeDecodeError:
            return _undecodable()
        except (ValueError, RecursionError):
            row = None
        return row if isinstance(row, dict) else InvalidElement("row", "json", "one JSON object a line")

    def _csv(self, lines: Iterator[Line], last: bool) -> Iterator[Row]:
        for number, record in self._records.feed(lines, last):
            cells = record if isinstance(record, InvalidElement) else self._cells(record)
            if self._header is None:
                self._header = _header(cells)
            elif isinstance(cells, InvalidElement):
                yield number, cells
            elif any(cell.strip() for cell in cells):
                yield number, _csv_row(self._header, cells)

    def _cells(self, record: bytes) -> list[str] | InvalidElement:
        """Strict: what follows a closing quote in its cell is a sign that the quote closed another one."""
        try:
            return next(csv.reader([record.decode(self._encoding or "utf-8")], strict=True), [])
        except UnicodeDecodeError:
            return _undecodable()
        except csv.Error:
            end = record.rstrip(b"\r\n").count(b"\n")
            where = f" (this one runs on for {end} more lines)" if end else ""
            return InvalidElement("row", "csv", f"one CSV record with its quotes closed{where}")


def _header(cells: list[str] | InvalidElement) -> list[str] | InvalidElement:
    """Without names for its columns no row of the file can be read."""
    if isinstance(cells, InvalidElement):
        return InvalidElement("row", cells.code, f"a first line that names the columns: {cells.expected}")
    return [name.strip().lower() for name in cells]


def _csv_row(header: list[str] | InvalidElement, cells: list[str]) -> dict[str, object] | InvalidElement:
    """A cell that is not there would say "not given" of what is only cut off."""
    if isinstance(header, InvalidElement):
        return header
    if len(cells) != len(header):
        return InvalidElement("row", "csv", "as many cells as the header has")
    if any("\ufffd" in cell for cell in cells):
        return _undecodable()
    return dict(zip(header, cells, strict=True))


def _undecodable() -> InvalidElement:
    return InvalidElement("row", "encoding", "text in the file's encoding")


def _no_number(_: str) -> object:
    raise ValueError
