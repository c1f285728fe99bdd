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

Line = tuple[int, bytes | None]
"""A line with its number; None stands for one that is too long."""

Form = Literal["ndjson", "csv"]

MAX_LINE = 64 * 1024
SAMPLE = 256 * 1024
_AT_ONCE = 1024 * 1024
MOST_UNPACKED = 16 * 1024**3
ENCODINGS = ("utf-8", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950")
"""In all of these no byte of a character is a quote or a line's end, so lines can be cut before decoding."""
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31


class DamagedFile(Exception):  # noqa: N818 - a state of the file
    """The file ends or breaks in the middle; says how."""


class RowReader:
    """Takes a file in pieces of any size and gives its rows, each with the line it begins in. `encoding`
    auto: UTF-8, or GB 18030 (which registration desks still export) where the beginning plainly is that.
    Raises `LookupError` for one that is unknown."""

    def __init__(self, form: Form, encoding: str = "auto") -> None:
        self._encoding = None if encoding == "auto" else known_encoding(encoding)
        self._unpack = _Unpacking()
        self._sample = bytearray()
        self._lines = _Lines()
        self._records = _Records()
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
        self._encoding = _told_by(sample)
        yield from self._rows(self._lines.feed(sample))

    def _rows(self, lines: Iterator[Line], *, last: bool = False) -> Iterator[Row]:
        if self._form == "csv":
            yield from self._csv(lines, last)
            return
        for number, line in lines:
            if line is None:
                yield number, _too_long()
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


class _Unpacking:
    """gzip, where the file begins as gzip does: any number of members, never much unpacked at once."""

    def __init__(self) -> None:
        self._head = b""
        self._packed: bool | None = None
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._given = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What this piece holds, unpacked where the file is packed. Raises `DamagedFile`."""
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
        """The end of the file. Raises `DamagedFile` where the stream is not at its end."""
        if self._packed and not self._member.eof:
            raise DamagedFile("the gzip stream is damaged or ends early")

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._member.eof:
                if not piece.strip(b"\0"):  # what tapes and disks fill up with
                    return
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            before = self._member.copy()
            try:
                content = self._member.decompress(piece, _AT_ONCE)
            except zlib.error:
                yield _up_to_the_damage(before, piece)
                raise
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

    def feed(self, content: bytes) -> Iterator[Line]:
        """The lines that this piece completes."""
        *whole, rest = (self._rest + content).split(b"\n")
        self._rest = rest
        for line in whole:
            yield from self._line(line + b"\n")
        if len(self._rest) > MAX_LINE:
            self._rest, self._skipping = b"", True

    def rest(self) -> Iterator[Line]:
        """The last line, where the file does not end with a line break."""
        rest, self._rest = self._rest, b""
        if rest or self._skipping:
            yield from self._line(rest)

    def _line(self, line: bytes) -> Iterator[Line]:
        self._number += 1
        if self._number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        skipped, self._skipping = self._skipping, False
        yield self._number, None if skipped or len(line) > MAX_LINE else line


class _Records:
    """CSV records, each with the line it begins in: a record goes on while a quote is open."""

    def __init__(self) -> None:
        self._open: list[tuple[int, bytes]] = []
        self._size = 0

    def feed(self, lines: Iterator[Line], last: bool) -> Iterator[tuple[int, bytes | InvalidElement]]:
        """The records that these lines complete; all of them where they are the `last`."""
        for number, line in lines:
            if line is None:
                yield from self._give_up()
                yield number, _too_long()
            else:
                yield from self._add(number, line)
        while last and self._open:
            yield from self._give_up()

    def _add(self, number: int, line: bytes) -> Iterator[tuple[int, bytes | InvalidElement]]:
        self._open.append((number, line))
        self._size += len(line)
        if self._size > MAX_LINE and len(self._open) > 1:
            yield from self._give_up()
            return
        if (line.count(b'"') % 2 == 1) == (len(self._open) == 1):  # it opens a quote, or closes none
            return
        record, first = b"".join(part for _, part in self._open), self._open[0][0]
        self._open, self._size = [], 0
        yield first, record

    def _give_up(self) -> Iterator[tuple[int, bytes | InvalidElement]]:
        """The quote is never closed: its line is at fault, and those behind it are read anew."""
        opened, self._open, self._size = self._open, [], 0
        if opened:
            yield opened[0][0], InvalidElement("row", "csv", "a record whose quotes are closed")
        for number, line in opened[1:]:
            yield from self._add(number, line)


def known_encoding(name: str) -> str:
    """The codec of an encoding that a file may have. Raises `LookupError`."""
    try:
        codec = codecs.lookup(name).name
    except ValueError:
        raise LookupError(name) from None
    codec = "utf-8" if codec == "utf-8-sig" else codec  # the mark is taken off in any case
    if codec not in ENCODINGS:
        raise LookupError(name)
    return codec


def _told_by(sample: bytes) -> str:
    """One bad byte does not make a file GB 18030, which gives nearly any bytes a meaning, a wrong one."""
    lines = [line for line in sample[:SAMPLE].split(b"\n") if not line.isascii()]
    strange = sum(not _decodes(line, "utf-8") for line in lines)
    return "gb18030" if 2 * strange > len(lines) and _decodes(sample[:SAMPLE], "gb18030") else "utf-8"


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether it does; the last character may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return False
    return True


def _up_to_the_damage(member: "zlib._Decompress", piece: bytes) -> bytes:
    """What can still be unpacked: zlib gives nothing of a piece that has damage anywhere in it."""
    content = bytearray()
    for start in range(len(piece)):
        try:
            content += member.decompress(piece[start : start + 1])
        except zlib.error:
            break
    return bytes(content)


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


def _too_long() -> InvalidElement:
    return InvalidElement("row", "too_long", f"a line of at most {MAX_LINE} bytes")


def _no_number(_: str) -> object:
    raise ValueError
