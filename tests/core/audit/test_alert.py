from datetime import UTC, datetime, time, timedelta

import pytest

from app.core.audit.alert import Severity, Subject, Watch
from app.core.audit.event import Kind

DAY = datetime(2026, 11, 21, tzinfo=UTC)


def _watch(start: str, end: str) -> Watch:
    between = (time.fromisoformat(start), time.fromisoformat(end))
    hour = timedelta(hours=1)
    return Watch("burst", Severity.WARNING, (Subject.CLIENT,), (Kind.MATCH,), 10, hour, between=between)


@pytest.mark.parametrize(
    ("start", "end", "hour", "applies"),
    [
        ("22:00", "06:00", 21, False),
        ("22:00", "06:00", 22, True),
        ("22:00", "06:00", 0, True),
        ("22:00", "06:00", 5, True),
        ("22:00", "06:00", 6, False),
        ("09:00", "17:00", 8, False),
        ("09:00", "17:00", 9, True),
        ("09:00", "17:00", 17, False),
    ],
)
def test_a_rule_watches_at_its_hours(start: str, end: str, hour: int, applies: bool) -> None:
    assert _watch(start, end).applies_at(DAY.replace(hour=hour)) is applies


def test_what_happened_before_the_hours_does_not_count() -> None:
    night = _watch("22:00", "06:00")
    assert night.since(DAY.replace(hour=22, minute=20)) == DAY.replace(hour=22)
    assert night.since(DAY.replace(hour=23, minute=30)) == DAY.replace(hour=22, minute=30)
    assert night.since(DAY.replace(hour=0, minute=30)) == DAY - timedelta(minutes=30)
