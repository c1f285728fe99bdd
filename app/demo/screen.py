"""What the person at the terminal reads: plain text, with colour where there is a terminal."""

import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from app.demo.captions import Caption

WIDTH = 96


@dataclass(frozen=True, slots=True)
class Screen:
    """Prints headings, captions in both languages, and aligned facts."""

    out: TextIO
    colour: bool

    def step(self, number: int, caption: Caption) -> None:
        """The heading of one step of the tour, and what happens in it."""
        title = f" {number}  {' · '.join(caption.title)} "
        self._line("")
        self._line(self._paint("1;36", f"──{title}" + "─" * (WIDTH - 2 - width(title))))
        self.caption(caption.text)

    def caption(self, texts: Sequence[str]) -> None:
        """What happens, in both languages."""
        for text in texts:
            self._line(self._paint("2", text))

    def say(self, text: str = "") -> None:
        """A line as it is."""
        self._line(text)

    def call(self, who: str, request: str) -> None:
        """A request and in whose name it is made."""
        self._line(f"  {self._paint('33', who)} → {self._paint('1', request)}")

    def good(self, text: str) -> None:
        """An answer that opens something."""
        self._line("  " + self._paint("32", f"← {text}"))

    def bad(self, text: str) -> None:
        """An answer that refuses."""
        self._line("  " + self._paint("31", f"← {text}"))

    def facts(self, facts: Iterable[tuple[str, object]]) -> None:
        """Name and value, one a line."""
        for name, value in facts:
            self._line(f"    {pad(name, 15)} {value}")

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Columns as wide as their widest cell."""
        cells = [header, *rows]
        widths = [max(width(row[i]) for row in cells) for i in range(len(header))]
        for index, row in enumerate(cells):
            line = "  ".join(pad(cell, size) for cell, size in zip(row, widths, strict=True))
            self._line("    " + (self._paint("2", line.rstrip()) if index == 0 else line.rstrip()))

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def _line(self, text: str) -> None:
        print(text, file=self.out, flush=True)


def terminal() -> Screen:
    """Standard output."""
    return Screen(sys.stdout, sys.stdout.isatty())


def width(text: str) -> int:
    """Columns on the screen: a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, columns: int) -> str:
    """Filled up with blanks."""
    return text + " " * (columns - width(text))
