"""The lines and the CSV records of a file as its content comes in, each with the number of its first line."""

import codecs
from collections.abc import Iterator

from app.core.identity.failure import InvalidElement

Line = tuple[int, bytes | None]
"""A line with its number; None stands for one that is too long."""

MAX_LINE = 64 * 1024


class Lines:
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


class CsvRecords:
    """CSV records, each with the line it begins in: a record goes on while a quote is open."""

    def __init__(self) -> None:
        self._open: list[tuple[int, bytes]] = []
        self._size = 0

    def feed(self, lines: Iterator[Line], last: bool) -> Iterator[tuple[int, bytes | InvalidElement]]:
        """The records that these lines complete; all of them where they are the `last`."""
        for number, line in lines:
            if line is None:
                yield from self._give_up()
                yield number, too_long()
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


def too_long() -> InvalidElement:
    """What is said of a line that is too long."""
    return InvalidElement("row", "too_long", f"a line of at most {MAX_LINE} bytes")
