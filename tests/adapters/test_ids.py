"""New identifiers and the time."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.adapters.clock import SystemClock
from app.adapters.ids import RandomIds
from app.core.index.customer_id import is_well_formed


def test_uuids_are_version_7_and_each_is_greater_than_the_one_before() -> None:
    ids = RandomIds()
    made = [ids.uuid() for _ in range(5000)]
    assert {(uuid.version, uuid.variant) for uuid in made} == {(7, "specified in RFC 4122")}
    assert made == sorted(set(made))


def test_a_uuid_says_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    milliseconds = RandomIds().uuid().int >> 80
    assert before <= milliseconds <= time.time_ns() // 1_000_000


def test_uuids_go_on_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = RandomIds()
    first = ids.uuid()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    assert ids.uuid() > first


def test_customer_ids_and_secrets_are_new_each_time() -> None:
    ids = RandomIds()
    assert all(is_well_formed(ids.customer_id()) for _ in range(100))
    assert len({ids.customer_id() for _ in range(100)}) == 100
    assert len({ids.secret() for _ in range(100)}) == 100
    assert len(ids.secret()) == 43


def test_the_clock_is_in_utc_and_today_is_somewhere() -> None:
    clock = SystemClock(ZoneInfo("Asia/Shanghai"))
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.now().tzinfo is UTC
    assert clock.today() in {(datetime.now(UTC) + timedelta(hours=8, seconds=s)).date() for s in (-5, 5)}
