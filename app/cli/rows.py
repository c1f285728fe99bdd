"""Rows of a file on disk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from app.services.source_rows import Form, Row, RowReader
from app.services.unpacking import DamagedFile

_PIECE = 64 * 1024


@dataclass(slots=True)
class SourceFile:
    """A file to import; `size` and `position` are bytes on disk, for a progress bar. `damage`: where the
    sound rows ended early, why."""

    path: Path
    encoding: str = "auto"
    damage: str | None = field(default=None, init=False)
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

    def sound_rows(self) -> Iterator[Row]:
        """The rows, up to damage if there is any, so that a batch is not lost for what follows it."""
        try:
            yield from self.rows()
        except DamagedFile as wrong:
            self.damage = str(wrong)

    def rows(self) -> Iterator[Row]:
        """Line number and content. Raises `DamagedFile`, `LookupError` (unknown encoding)."""
        form: Form = "csv" if ".csv" in self.path.suffixes else "ndjson"
        reader = RowReader(form, self.encoding)
        with self.path.open("rb") as self._disk:
            while piece := self._disk.read(_PIECE):
                yield from reader.feed(piece)
        yield from reader.finish()
