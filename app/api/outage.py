"""An outage is told to the operator, not only to the callers: at once, and then now and then with a count."""

import logging
from time import monotonic

_logger = logging.getLogger(__name__)
EVERY = 10.0
"""Seconds between two lines about the same outage."""


class OutageLog:
    """Counts the requests that one thing's absence refused; as many lines as requests would fill the disk."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}
        self._refused: dict[str, int] = {}

    def note(self, what: str, why: str) -> None:
        """`why` is a driver's class or code, never its message, which may quote a row."""
        self._refused[what] = self._refused.get(what, 0) + 1
        now = monotonic()
        if now - self._said.get(what, -EVERY) >= EVERY:
            _logger.error("%s: %s (requests refused: %d)", what, why or "no reason", self._refused.pop(what))
            self._said[what] = now
