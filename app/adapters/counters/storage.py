"""A storage of the `limits` library over the shared table."""

import time

from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport

from app.adapters.counters.slots import EMPTY, SharedSlots, Slot


class SharedStorage(Storage, SlidingWindowCounterSupport):
    """Fixed windows that begin with their first hit, and sliding windows that weigh the window before.

    Times are Unix time, as everywhere in `limits`.
    """

    STORAGE_SCHEME = None  # made by us, never from a URL

    def __init__(self, slots: SharedSlots) -> None:
        super().__init__()
        self._slots = slots

    @property
    def base_exceptions(self) -> type[Exception]:
        """What `limits` takes for a failure of the store."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts, and says how many there are in this window."""
        now = time.time()

        def count(slot: Slot) -> tuple[Slot, int]:
            total = slot.current + amount
            return Slot(0, total, 0, slot.expires or now + expiry), total

        return self._slots.change(key, now, count)

    def get(self, key: str) -> int:
        """How many there are in this window."""
        return self._slots.change(key, time.time(), lambda slot: (slot, slot.current))

    def get_expiry(self, key: str) -> float:
        """When the window ends; now, where there is none."""
        now = time.time()
        return self._slots.change(key, now, lambda slot: (slot, slot.expires or now))

    def check(self) -> bool:
        """Memory is there."""
        return True

    def reset(self) -> int | None:
        """Forgets everything; how much it was nobody counted."""
        self._slots.clear()
        return None

    def clear(self, key: str) -> None:
        """Forgets one key."""
        self._slots.change(key, time.time(), lambda _: (Slot(), None))

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Counts `amount`, if it fits in the window that ends now."""
        now = time.time()

        def acquire(slot: Slot) -> tuple[Slot, bool]:
            window, current, previous, left = _at(slot, now, expiry)
            if previous * left / expiry + current >= limit - amount + 1:
                return slot, False
            return Slot(window, current + amount, previous, (window + 2) * expiry), True

        return self._slots.change(key, now, acquire)

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Count and seconds to live of the window before, then of the present one."""
        now = time.time()
        slot = self._slots.change(key, now, lambda slot: (slot, slot))
        _, current, previous, left = _at(slot, now, expiry)
        return previous, left, current, left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:  # noqa: ARG002 - one slot holds both
        """Forgets one key."""
        self.clear(key)


def _at(slot: Slot, now: float, expiry: int) -> tuple[int, int, int, float]:
    """The slot as of now: number of the window, count in it, count in the one before, seconds it has left."""
    window = int(now // expiry)
    left = (window + 1) * expiry - now
    # A window far ahead is from before the clock was set back: it must bind nobody until then.
    if slot is EMPTY or abs(slot.window - window) > 1:
        return window, 0, 0, left
    if slot.window == window - 1:
        return window, 0, slot.current, left
    return window, slot.current, slot.previous if slot.window == window else 0, left


def seconds_until_room(
    windows: tuple[int, float, int, float], limit: int, expiry: int, amount: int = 1
) -> float:
    """How long until `amount` fits, if nothing else comes; at most two windows."""
    previous, left, current, to_live = windows
    if not previous:
        left = max(0.0, to_live - expiry)  # a store may say nothing of a window that is not there
    room = limit - amount + 1
    if room <= 0:
        return 2.0 * expiry
    if current < room:
        return max(0.0, left - (room - current) * expiry / previous) if previous else 0.0
    return left + max(0.0, expiry - room * expiry / current)
