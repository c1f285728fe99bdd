"""What happened lately, counted in the table that the workers of a machine share."""

import time

from app.adapters.counters.slots import SharedSlots, Slot


class SharedTallies:
    """Implements the port `Tallies`. Keys stand in the table as digests."""

    def __init__(self, slots: SharedSlots) -> None:
        self._slots = slots

    def count(self, key: str, seconds: int, amount: int = 1) -> int:
        """Counts, and says how many there are in the window, which lasts `seconds` from its first."""
        now = time.time()

        def add(slot: Slot) -> tuple[Slot, int]:
            total = slot.current + amount
            return Slot(0, total, 0, slot.expires or now + seconds), total

        return self._slots.change(key, now, add)

    def read(self, key: str) -> int:
        """What is counted, or how far it is raised."""
        return self._slots.change(key, time.time(), lambda slot: (slot, slot.current))

    def raise_level(self, key: str, seconds: tuple[int, ...]) -> int:
        """Raises the key's level by one, to at most as many as there are `seconds`: how long each level
        stands. Gives the new level."""
        now = time.time()

        def more(slot: Slot) -> tuple[Slot, int]:
            level = min(slot.current + 1, len(seconds))
            return Slot(0, level, 0, now + seconds[level - 1]), level

        return self._slots.change(key, now, more)

    def forget(self, key: str) -> None:
        """Forgets one key."""
        self._slots.change(key, time.time(), lambda _: (Slot(), None))
