"""Limits: what fits passes, what does not is told when it will, here and in a store elsewhere."""

import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from limits.storage import Storage

from app.adapters.counters import remote
from app.adapters.counters.limiter import LocalLimiter, open_slots
from app.adapters.counters.remote import InvalidLimitStore, RemoteLimiter
from app.adapters.counters.slots import SharedSlots
from app.adapters.counters.storage import SharedStorage, seconds_until_room
from app.adapters.counters.tallies import SharedTallies


class Watch:
    """Unix time that moves only by hand."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock of the storage and of the tallies."""
    standing = Watch()
    for module in ("storage", "tallies"):
        monkeypatch.setattr(f"app.adapters.counters.{module}.time", standing)
    return standing


@pytest.fixture
def limiter(watch: Watch) -> LocalLimiter:
    return LocalLimiter(SharedSlots.private())


async def test_so_many_fit_and_the_next_waits_until_there_is_room(
    limiter: LocalLimiter, watch: Watch
) -> None:
    assert [await limiter.take("client", 5, 1) for _ in range(5)] == [0.0] * 5
    wait = await limiter.take("client", 5, 1)
    assert 1.0 <= wait <= 2.0
    watch.now += wait - 0.01
    assert await limiter.take("client", 5, 1) > 0
    watch.now += 0.02
    assert await limiter.take("client", 5, 1) == 0.0


async def test_a_steady_client_at_its_rate_is_never_refused(limiter: LocalLimiter, watch: Watch) -> None:
    for _ in range(200):
        watch.now += 0.1
        assert await limiter.take("client", 10, 1) == 0.0


async def test_however_hard_it_tries_a_client_gets_its_rate_and_hardly_more(
    limiter: LocalLimiter, watch: Watch
) -> None:
    passed = 0
    for _ in range(1000):
        watch.now += 0.01
        passed += await limiter.take("client", 10, 1) == 0.0
    assert 95 <= passed <= 110


async def test_clients_are_told_apart(limiter: LocalLimiter) -> None:
    assert await limiter.take("one", 1, 1) == 0.0
    assert await limiter.take("one", 1, 1) > 0
    assert await limiter.take("other", 1, 1) == 0.0


async def test_what_costs_more_than_all_takes_all(limiter: LocalLimiter) -> None:
    assert await limiter.take("client", 10, 60, cost=1000) == 0.0
    assert await limiter.take("client", 10, 60) > 0


async def test_looking_counts_nothing(limiter: LocalLimiter) -> None:
    assert [await limiter.wait("client", 1, 60) for _ in range(3)] == [0.0] * 3
    await limiter.take("client", 1, 60)
    assert await limiter.wait("client", 1, 60) > 0


async def test_a_clock_that_is_set_back_binds_nobody_for_long(limiter: LocalLimiter, watch: Watch) -> None:
    await limiter.take("client", 1, 1)
    watch.now -= 1
    assert 0 < await limiter.take("client", 1, 1) <= 2.0
    watch.now -= 3600
    assert await limiter.take("client", 1, 1) == 0.0


@given(
    previous=some.integers(0, 200),
    left=some.floats(0.001, 60),
    current=some.integers(0, 100),
    limit=some.integers(1, 100),
    amount=some.integers(1, 100),
)
def test_after_the_wait_there_is_room(
    previous: int, left: float, current: int, limit: int, amount: int
) -> None:
    amount = min(amount, limit)
    wait = seconds_until_room((previous, left, current, left + 60), limit, 60, amount)
    assert 0 <= wait <= 120
    within = wait <= left
    before, now = (previous, current) if within else (current, 0)
    rest = left - wait if within else left + 60 - wait
    assert before * rest / 60 + now <= limit - amount + 1 + 1e-6


def test_the_storage_counts_as_limits_wants_it(watch: Watch) -> None:
    kept: Storage = SharedStorage(SharedSlots.private())
    assert [kept.incr("key", 10), kept.incr("key", 10, 2), kept.get("key")] == [1, 3, 3]
    assert kept.get_expiry("key") == watch.now + 10
    kept.clear("key")
    assert kept.get("key") == 0
    assert kept.get_expiry("key") == watch.now
    kept.incr("key", 10)
    kept.reset()
    assert kept.get("key") == 0
    assert kept.check()


def test_tallies_end_with_their_window_and_levels_with_their_time(watch: Watch) -> None:
    tallies = SharedTallies(SharedSlots.private())
    assert [tallies.count("miss", 60) for _ in range(3)] == [1, 2, 3]
    watch.now += 60
    assert tallies.read("miss") == 0
    assert [tallies.raise_level("slow", (10, 100)) for _ in range(3)] == [1, 2, 2]
    watch.now += 99
    assert tallies.read("slow") == 2
    watch.now += 1
    assert tallies.read("slow") == 0
    tallies.raise_level("slow", (10, 100))
    tallies.forget("slow")
    assert tallies.read("slow") == 0


def test_without_a_file_each_worker_counts_for_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    table = open_slots(tmp_path / "missing" / "table")
    assert "counts rate limits for itself" in caplog.text
    assert SharedTallies(table).count("key", 60) == 1


async def test_a_store_elsewhere_counts_too() -> None:
    limiter = RemoteLimiter("memory://", LocalLimiter(SharedSlots.private()))
    assert [await limiter.take("client", 2, 60) for _ in range(2)] == [0.0, 0.0]
    assert await limiter.take("client", 2, 60) > 0
    assert await limiter.wait("client", 2, 60) > 0
    assert await limiter.wait("other", 2, 60) == 0.0


async def test_while_a_store_elsewhere_is_away_this_machine_counts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    limiter = RemoteLimiter("memory://", LocalLimiter(SharedSlots.private()))
    asked = 0

    async def away(*_: Any) -> Any:
        nonlocal asked
        asked += 1
        raise ConnectionError("redis://user:secret@host")

    monkeypatch.setattr(limiter._storage, "acquire_sliding_window_entry", away)
    with caplog.at_level(logging.WARNING):
        assert [await limiter.take("client", 2, 60) for _ in range(2)] == [0.0, 0.0]
    assert await limiter.take("client", 2, 60) > 0
    assert asked == 1  # and is left alone for a while
    assert "ConnectionError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "url", ["memcached://host:1", "redis://host:none", "ftp://host:1", "", "postgresql://user:secret@host/db"]
)
def test_a_store_that_cannot_be_is_named_without_its_url(url: str) -> None:
    with pytest.raises(InvalidLimitStore) as caught:
        remote.remote_storage(url)
    assert "secret" not in str(caught.value)
