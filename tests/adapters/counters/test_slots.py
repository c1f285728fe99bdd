"""The table that workers share: what one counts the others see, and a full one forgets what ends first."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.counters import slots as module
from app.adapters.counters.slots import EMPTY, SharedSlots, Slot

_COUNT = """
import sys
from pathlib import Path
from app.adapters.counters.slots import SharedSlots, Slot
table = SharedSlots.open(Path(sys.argv[1]))
for _ in range(2000):
    table.change("client", 1.0, lambda slot: (Slot(0, slot.current + 1, 0, 9e9), None))
"""


def _read(table: SharedSlots, key: str, now: float = 1.0) -> Slot:
    return table.change(key, now, lambda slot: (slot, slot))


def _put(table: SharedSlots, key: str, slot: Slot) -> None:
    table.change(key, 0.0, lambda _: (slot, None))


def test_processes_that_count_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "table"
    command = [sys.executable, "-c", _COUNT, str(path)]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    table = SharedSlots.open(path)
    assert _read(table, "client").current == 6000
    assert path.stat().st_mode & 0o777 == 0o600
    table.close()


def test_a_slot_is_empty_before_it_is_written_and_after_it_has_expired() -> None:
    table = SharedSlots.private()
    assert _read(table, "key") is EMPTY
    _put(table, "key", Slot(7, 1, 2, expires=5.0))
    assert _read(table, "key", now=4.9) == Slot(7, 1, 2, 5.0)
    assert _read(table, "key", now=5.0) is EMPTY
    assert _read(table, "other") is EMPTY


def test_a_count_stops_at_the_most_that_a_slot_holds() -> None:
    table = SharedSlots.private()
    _put(table, "key", Slot(0, 2**40, 2**33, 9.0))
    assert _read(table, "key") == Slot(0, 2**32 - 1, 2**32 - 1, 9.0)


def test_a_full_neighbourhood_forgets_what_ends_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SLOTS", module.WAYS + 1)  # one neighbourhood for all keys
    table = SharedSlots.private()
    for number in range(module.WAYS):
        _put(table, f"key {number}", Slot(0, 1, 0, expires=100.0 + number))
    _put(table, "one more", Slot(0, 1, 0, expires=50.0))
    assert _read(table, "one more").current == 1
    assert _read(table, "key 0") is EMPTY
    assert all(_read(table, f"key {number}").current == 1 for number in range(1, module.WAYS))


def test_everything_is_forgotten_at_once() -> None:
    table = SharedSlots.private()
    _put(table, "key", Slot(0, 1, 0, 9.0))
    table.clear()
    assert _read(table, "key") is EMPTY
