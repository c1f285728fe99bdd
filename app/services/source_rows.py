"""Rows of a file as its bytes come in: NDJSON or CSV, plain or gzip, UTF-8 or GB 18030.

Nothing is held but the row that is not whole yet (and, at first, the sample that tells the encoding).
"""

import codecs
import csv
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Literal

from app.core.identity.failure import InvalidElement

Row = tuple[int, Mapping[str, object] | InvalidElement]
"""A line number with what stands there, or why it could not be read at all."""

Form = Literal["ndjson", "csv"]

MAX_LINE = 64 * 1024
SAMPLE = 256 * 1024
_AT_ONCE = 1024 * 1024
MOST_UNPACKED = 16 * 1024**3
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31


class DamagedFile(Exception):  # noqa: N818 - a state of the file
    """The file ends or breaks in the middle; says how."""


class RowReader:
    """Takes a file in pieces of any size and gives its rows. `encoding` auto: UTF-8, or GB 18030 (which
    registration desks still export) where the beginning is no UTF-8. Raises `LookupError` for one that is
    unknown."""

    def __init__(self, form: Form, encoding: str = "auto") -> None:
        self._encoding = None if encoding == "auto" else codecs.lookup(encoding).name
        self._unpack = _Unpacking()
        self._sample = bytearray()
        self._lines = _Lines()
        self._form = form
        self._header: list[str] | None = None

    def feed(self, piece: bytes) -> Iterator[Row]:
        """The rows that this piece completes, which must be taken before the next. Raises `DamagedFile`."""
        for content in self._unpack.feed(piece):
            yield from self._take(content)

    def finish(self) -> Iterator[Row]:
        """The rows that the end completes. Raises `DamagedFile`."""
        self._unpack.finish()
        if self._encoding is None:
            yield from self._begin()
        yield from self._rows(self._lines.rest())

    def _take(self, content: bytes) -> Iterator[Row]:
        if self._encoding is not None:
            yield from self._rows(self._lines.feed(content))
            return
        self._sample += content
        if len(self._sample) >= SAMPLE:
            yield from self._begin()

    def _begin(self) -> Iterator[Row]:
        sample, self._sample = bytes(self._sample), bytearray()
        try:
            codecs.getincrementaldecoder("utf-8")().decode(sample[:SAMPLE])
            self._encoding = "utf-8"
        except UnicodeDecodeError:
            self._encoding = "gb18030"
        yield from self._rows(self._lines.feed(sample.removeprefix(codecs.BOM_UTF8)))

    def _rows(self, lines: Iterator[tuple[int, bytes | None]]) -> Iterator[Row]:
        if self._form == "csv":
            yield from self._csv(lines)
            return
        for number, line in lines:
            if line is None:
                yield number, _too_long()
            elif line.strip():
                yield number, self._json(line)

    def _json(self, line: bytes) -> dict[str, object] | InvalidElement:
        try:
            row = json.loads(line.decode(self._encoding or "utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError):
            row = None
        return row if isinstance(row, dict) else InvalidElement("row", "json", "one JSON object a line")

    def _csv(self, lines: Iterator[tuple[int, bytes | None]]) -> Iterator[Row]:
        for number, record in self._lines.whole_records(lines):
            if record is None:
                yield number, _too_long()
                continue
            text = record.decode(self._encoding or "utf-8", "replace")
            try:
                cells = next(csv.reader([text], strict=False), [])
            except csv.Error:
                yield number, InvalidElement("row", "csv", "one CSV record")
                continue
            if self._header is None:
                self._header = [name.strip().lower() for name in cells]
            elif any(cell.strip() for cell in cells):
                yield number, _csv_row(self._header, cells)


class _Unpacking:
    """gzip, where the file begins as gzip does: any number of members, never much unpacked at once."""

    def __init__(self) -> None:
        self._head = b""
        self._packed: bool | None = None
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._given = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        if self._packed is None:
            self._head += piece
            if len(self._head) < len(_GZIP):
                return
            piece, self._head = self._head, b""
            self._packed = piece.startswith(_GZIP)
        if not self._packed:
            yield piece
            return
        try:
            yield from self._unpacked(piece)
        except zlib.error:
            raise DamagedFile("the gzip stream is damaged or ends early") from None

    def finish(self) -> None:
        if self._packed and not self._member.eof:
            raise DamagedFile("the gzip stream is damaged or ends early")

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._member.eof:
                if not piece.strip(b"\0"):  # what tapes and disks fill up with
                    return
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            content = self._member.decompress(piece, _AT_ONCE)
            self._given += len(content)
            if self._given > MOST_UNPACKED:
                raise DamagedFile(f"the gzip stream holds more than {MOST_UNPACKED} bytes")
            yield content
            piece = self._member.unconsumed_tail or self._member.unused_data


class _Lines:
    """Lines with their numbers; None stands for one that is too long."""

    def __init__(self) -> None:
        self._rest = b""
        self._skipping = False
        self._number = 0
        self._record = b""

    def feed(self, content: bytes) -> Iterator[tuple[int, bytes | None]]:
        *whole, rest = (self._rest + content).split(b"\n")
        self._rest = rest
        for line in whole:
            yield from self._line(line + b"\n")
        if len(self._rest) > MAX_LINE:
            self._rest, self._skipping = b"", True

    def rest(self) -> Iterator[tuple[int, bytes | None]]:
        rest, self._rest = self._rest, b""
        if rest or self._skipping:
            yield from self._line(rest)
        if self._record:
            yield self._number, self._record
            self._record = b""

    def whole_records(self, lines: Iterator[tuple[int, bytes | None]]) -> Iterator[tuple[int, bytes | None]]:
        """A CSV record goes on while a quote is open. (No byte of a character is a quote or a line's end, in
        UTF-8 as in GB 18030.)"""
        for number, line in lines:
            record = self._record + (line or b"")
            self._record = b""
            if line is None or len(record) > MAX_LINE:
                yield number, None
            elif record.count(b'"') % 2 and line.endswith(b"\n"):
                self._record = record
            else:
                yield number, record

    def _line(self, line: bytes) -> Iterator[tuple[int, bytes | None]]:
        self._number += 1
        skipped, self._skipping = self._skipping, False
        yield self._number, None if skipped or len(line) > MAX_LINE else line


def _csv_row(header: list[str], cells: list[str]) -> dict[str, object] | InvalidElement:
    """Cells that are missing at the end are empty."""
    if len(cells) > len(header):
        return InvalidElement("row", "csv", "as many cells as the header has")
    if any("\ufffd" in cell for cell in cells):
        return InvalidElement("row", "encoding", "text in the file's encoding")
    return {**dict.fromkeys(header), **dict(zip(header, cells, strict=False))}


def _too_long() -> InvalidElement:
    return InvalidElement("row", "too_long", f"a line of at most {MAX_LINE} bytes")


def _no_number(_: str) -> object:
    raise ValueError
