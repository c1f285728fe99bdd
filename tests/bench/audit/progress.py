"""How far a long part of the bench has come, with the seconds since it began."""

import time
from dataclasses import dataclass, field

from rich.console import Console

_EVERY = 10.0


@dataclass(slots=True)
class Progress:
    """Says something at most every ten seconds, and whenever a step is done."""

    console: Console
    began: float = field(default_factory=time.monotonic)
    said: float = 0.0

    def share(self, step: str, done: float, whole: float) -> None:
        """So much of a step is done."""
        now = time.monotonic()
        if now - self.said > _EVERY or done >= whole:
            self.say(f"{step} {min(1.0, done / whole):.0%}")

    def say(self, text: str) -> None:
        """A line of its own."""
        self.said = time.monotonic()
        self.console.print(f"[{self.said - self.began:5.0f} s] {text}", markup=False, highlight=False)
