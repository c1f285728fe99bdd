"""Rows of a file on disk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.services.source_rows import Form, Row, RowReader

_PIECE = 64 * 1024


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
        try:
            return self._disk.tell() if self._disk else self.size
        except ValueError:  # read to its end, and closed
            return self.size

    def rows(self) -> Iterator[Row]:
        """Line number and content. Raises `DamagedFile`, `LookupError` (unknown encoding)."""
        form: Form = "csv" if ".csv" in self.path.suffixes else "ndjson"
        reader = RowReader(form, self.encoding)
        with self.path.open("rb") as self._disk:
            while piece := self._disk.read(_PIECE):
                yield from reader.feed(piece)
        yield from reader.finish()
