"""Rows of a file: NDJSON or CSV, plain or gzip, UTF-8 or GB 18030."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, cast

import orjson

from app.core.identity.failure import InvalidElement
from app.services.import_source_records import Row

MAX_LINE = 64 * 1024
SAMPLE = 256 * 1024


class DamagedFile(Exception):  # noqa: N818 - a state of the file
    """The file ends or breaks in the middle; says how."""


@dataclass(slots=True)
class SourceFile:
    """A file to import; `size` and `position` are bytes on disk, for a progress bar."""

    path: Path
    encoding: str = "auto"
    _disk: BinaryIO | None = field(default=None, init=False)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    def position(self) -> int:
        """How many of them were read."""
        return self._disk.tell() if self._disk and not self._disk.closed else self.size

    def rows(self) -> Iterator[Row]:
        """Line number and content. Raises `DamagedFile`, `LookupError` (unknown encoding)."""
        encoding = self._encoding()
        read = _csv_rows if ".csv" in self.path.suffixes else _json_rows
        try:
            with self.path.open("rb") as self._disk, self._unpacked(self._disk) as content:
                yield from read(content, encoding)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise DamagedFile("the gzip stream is damaged or ends early") from None

    def _unpacked(self, disk: BinaryIO) -> BinaryIO:
        packed = self.path.suffix == ".gz"
        return cast(BinaryIO, gzip.GzipFile(fileobj=disk)) if packed else disk

    def _encoding(self) -> str:
        """Registration desks still export GB 18030; what is not UTF-8 is taken for that."""
        if self.encoding != "auto":
            return codecs.lookup(self.encoding).name
        try:
            with self.path.open("rb") as disk, self._unpacked(disk) as content:
                codecs.getincrementaldecoder("utf-8")().decode(content.read(SAMPLE))
        except UnicodeDecodeError:
            return "gb18030"
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise DamagedFile("the gzip stream is damaged or ends early") from None
        return "utf-8-sig"


def _json_rows(content: IO[bytes], encoding: str) -> Iterator[Row]:
    number = 0
    while line := content.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            _skip_rest(content, line)
            yield number, InvalidElement("row", "too_long", f"a line of at most {MAX_LINE} bytes")
        elif line.strip():
            yield number, _json_row(line, encoding)


def _skip_rest(content: IO[bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = content.readline(MAX_LINE)


def _json_row(line: bytes, encoding: str) -> dict[str, object] | InvalidElement:
    try:
        row = orjson.loads(line.decode(encoding))
    except (UnicodeDecodeError, orjson.JSONDecodeError):
        row = None
    return row if isinstance(row, dict) else InvalidElement("row", "json", "one JSON object a line")


def _csv_rows(content: IO[bytes], encoding: str) -> Iterator[Row]:
    with io.TextIOWrapper(cast(BinaryIO, content), encoding=encoding, errors="replace", newline="") as text:
        reader = csv.DictReader(text, restkey="", strict=False)
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield reader.line_num, InvalidElement("row", "csv", "one CSV record")
                continue
            yield reader.line_num, _csv_row(row)


def _csv_row(row: dict[str, object]) -> dict[str, object] | InvalidElement:
    if "" in row:
        return InvalidElement("row", "csv", "as many cells as the header has")
    if any(isinstance(cell, str) and "�" in cell for cell in row.values()):
        return InvalidElement("row", "encoding", "text in the file's encoding")
    return row
