"""What clients may ask, counted by this machine's workers together, or by several machines."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.adapters.counters.limiter import LocalLimiter, open_slots
from app.adapters.counters.remote import RemoteLimiter
from app.adapters.counters.tallies import SharedTallies
from app.services.failure_tally import FailureTally
from app.services.limit_rate import LimitRate
from app.settings import Settings


@contextmanager
def limiting(settings: Settings, tally: FailureTally) -> Iterator[LimitRate]:
    """Raises `InvalidLimitStore`."""
    slots = open_slots(settings.rate_limits_file)
    try:
        local = LocalLimiter(slots)
        url = settings.rate_limits_url
        limiter = RemoteLimiter(url, local) if url else local
        yield LimitRate(limiter, SharedTallies(slots), tally, (), settings.source_failures)
    finally:
        slots.close()
