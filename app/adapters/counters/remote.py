"""Rate limits of several machines together, counted in a Redis by the `limits` library."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any

from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from app.adapters.counters.limiter import LocalLimiter, item_of
from app.adapters.counters.storage import seconds_until_room

_logger = logging.getLogger(__name__)
SCHEMES = ("redis", "rediss", "memory")
_FOR_REDIS: Mapping[str, str] = {"implementation": "redispy"}
"""`limits` knows several client libraries for Redis; ours is `redis`, by the makers of the server."""
_PATIENCE = 0.25
"""Seconds that the store has to answer in."""
_PAUSE = 5.0
"""Seconds that it is left alone for when it did not."""


class InvalidLimitStore(ValueError):  # noqa: N818 - names what is wrong with the setting
    """A store that cannot be used; says what would be right, and never repeats the URL."""


class RemoteLimiter:
    """Implements the port `RateLimiter`. While the store does not answer, this machine counts for itself: a
    store that is away neither stops the service nor lifts its limits."""

    def __init__(self, url: str, local: LocalLimiter) -> None:
        """`url` is one that `limits` knows, such as `redis://HOST:PORT`. Raises `InvalidLimitStore`."""
        self._storage: Any = remote_storage(url)
        self._strategy = SlidingWindowCounterRateLimiter(self._storage)
        self._local = local
        self._away_until = 0.0

    async def take(self, key: str, most: int, seconds: int, cost: int = 1) -> float:
        """Counts `cost` and gives 0, or counts nothing and gives the seconds until it would fit."""

        async def ask() -> float:
            item, units = item_of(most, seconds), min(cost, most)
            if await self._strategy.hit(item, key, cost=units):
                return 0.0
            windows = await self._storage.get_sliding_window(item.key_for(key), seconds)
            return seconds_until_room(windows, most, seconds, units)

        return await self._ask(ask, lambda: self._local.take(key, most, seconds, cost))

    async def wait(self, key: str, most: int, seconds: int) -> float:
        """The seconds until one more fits, 0 where it does; counts nothing."""

        async def ask() -> float:
            windows = await self._storage.get_sliding_window(item_of(most, seconds).key_for(key), seconds)
            return seconds_until_room(windows, most, seconds)

        return await self._ask(ask, lambda: self._local.wait(key, most, seconds))

    async def _ask(
        self, there: Callable[[], Awaitable[float]], here: Callable[[], Awaitable[float]]
    ) -> float:
        if monotonic() < self._away_until:
            return await here()
        try:
            async with asyncio.timeout(_PATIENCE):
                return await there()
        except Exception as error:  # each store has errors of its own, and none may stop a request
            if not self._away_until:
                _logger.warning(
                    "the store of rate limits does not answer (%s): this machine counts for itself",
                    type(error).__name__,
                )
            self._away_until = monotonic() + _PAUSE
            return await here()


def remote_storage(url: str) -> Any:
    """`limits`' store for a URL; nothing is asked of it yet. Raises `InvalidLimitStore`."""
    scheme, _, place = url.partition("://")
    if scheme not in SCHEMES:
        raise InvalidLimitStore(f"the store of rate limits must be a URL of {', '.join(SCHEMES)}")
    try:
        return storage_from_string(
            f"async+{scheme}://{place}", **(_FOR_REDIS if scheme.startswith("redis") else {})
        )
    except (ConfigurationError, ImportError, ValueError):
        raise InvalidLimitStore(
            f"the store of rate limits must be {scheme}://HOST:PORT, and its client library installed:"
            " customer-data-center[redis]"
        ) from None
