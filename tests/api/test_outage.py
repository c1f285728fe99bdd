"""What is away is said to the operator: once, and then now and then with a count."""

import logging

import pytest

from app.api import outage
from app.api.outage import EVERY, OutageLog


def test_the_first_is_said_at_once_and_the_rest_counted(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    monkeypatch.setattr(outage, "monotonic", lambda: now)
    log = OutageLog()
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            log.note("storage_unavailable", "SQLite answered SQLITE_FULL")
        log.note("health_data_center_unavailable", "timeout")
        now += EVERY
        log.note("storage_unavailable", "SQLite answered SQLITE_FULL")
    assert [record.getMessage() for record in caplog.records] == [
        "storage_unavailable: SQLite answered SQLITE_FULL (requests refused: 1)",
        "health_data_center_unavailable: timeout (requests refused: 1)",
        "storage_unavailable: SQLite answered SQLITE_FULL (requests refused: 5)",
    ]
