"""Rate limits of one machine, counted by the `limits` library in the table that its workers share."""

import logging
from functools import cache
from pathlib import Path

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.strategies import SlidingWindowCounterRateLimiter

from app.adapters.counters.slots import SharedSlots
from app.adapters.counters.storage import SharedStorage, seconds_until_room

_logger = logging.getLogger(__name__)


def open_slots(path: Path) -> SharedSlots:
    """The table of this file; where it cannot be made, one of this process alone, which is logged."""
    try:
        return SharedSlots.open(path)
    except OSError as error:
        _logger.warning(
            "%s cannot be used (%s): each worker counts rate limits for itself", path, error.strerror
        )
        return SharedSlots.private()


class LocalLimiter:
    """Implements the port `RateLimiter` for the workers of this machine."""

    def __init__(self, slots: SharedSlots) -> None:
        self._storage = SharedStorage(slots)
        self._strategy = SlidingWindowCounterRateLimiter(self._storage)

    async def take(self, key: str, most: int, seconds: int, cost: int = 1) -> float:
        """Counts `cost` and gives 0, or counts nothing and gives the seconds until it would fit."""
        item, cost = item_of(most, seconds), min(cost, most)
        if self._strategy.hit(item, key, cost=cost):
            return 0.0
        windows = self._storage.get_sliding_window(item.key_for(key), seconds)
        return seconds_until_room(windows, most, seconds, cost)

    async def wait(self, key: str, most: int, seconds: int) -> float:
        """The seconds until one more fits, 0 where it does; counts nothing."""
        windows = self._storage.get_sliding_window(item_of(most, seconds).key_for(key), seconds)
        return seconds_until_room(windows, most, seconds)


@cache
def item_of(most: int, seconds: int) -> RateLimitItem:
    """`limits`' form of "so many in so many seconds"; there are few, and each is asked for often."""
    return RateLimitItemPerSecond(most, seconds)
