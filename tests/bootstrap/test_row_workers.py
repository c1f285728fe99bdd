"""Rows come out the same whoever prepared them."""

import os
import signal
from collections.abc import AsyncIterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.adapters.clock import SystemClock
from app.adapters.crypto.blind_index import BlindIndex
from app.adapters.crypto.keys import SymmetricKey
from app.bootstrap import row_workers
from app.bootstrap.preparing import preparing, understanding
from app.bootstrap.row_worker import greeting
from app.bootstrap.row_workers import RowWorkers
from app.core.identity.failure import InvalidElement
from app.services.prepare import Prepare
from app.services.prepared_rows import plain_sifted, read_plain_sifted
from app.services.source_rows import Row

ZONE = ZoneInfo("Asia/Shanghai")
KEYS = [SymmetricKey("new", "HS256", b"n" * 32), SymmetricKey("old", "HS256", b"o" * 32)]
PERSON = {
    "source_system": "medical",
    "local_id": "P1",
    "name": "王丽华",
    "gender": "女",
    "birth_date": "1980-02-29",
    "id_type": "01",
    "id_number": "110101198002290026",
}
ROWS: list[Row] = [
    (1, PERSON),
    (2, {**PERSON, "local_id": "P2", "verification": "card_read", "deceased": True}),
    (3, {**PERSON, "local_id": "P3", "attributes": {"phones": ["13812345678"], "nationality": "CN"}}),
    (4, {**PERSON, "local_id": "P4", "attributes": {}}),
    (5, {**PERSON, "birth_date": "tomorrow", "gender": "?"}),
    (6, InvalidElement("row", "json", "one JSON object a line")),
    (7, dict.fromkeys(PERSON)),
    (8, {**PERSON, "local_id": "P8", "source_system": None, "name": "a\ud800"}),
]


@pytest.fixture(scope="module")
def prepare() -> Prepare:
    clock = SystemClock(ZONE)
    return preparing(understanding(clock), clock, BlindIndex(KEYS), KEYS[:1])


@pytest.fixture
async def workers(prepare: Prepare, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RowWorkers]:
    """Two, started for the first row."""
    monkeypatch.setattr(row_workers, "FEW", 0)
    started = RowWorkers(prepare, 2, greeting(ZONE, KEYS, KEYS[:1]))
    yield started
    await started.rest()


def test_what_is_handed_over_comes_back_as_it_was(prepare: Prepare) -> None:
    sifted = prepare.rows(ROWS, "elder_care")
    assert len(sifted.taken) == 4
    assert {reject.line for reject in sifted.rejects} == {5, 6, 7, 8}
    assert read_plain_sifted(plain_sifted(sifted)) == sifted


async def test_a_process_prepares_as_a_thread_does(workers: RowWorkers, prepare: Prepare) -> None:
    expected = prepare.rows(ROWS, "elder_care")
    assert await workers(ROWS, "elder_care") == expected
    await workers.rest()
    assert await workers(ROWS, "elder_care") == expected, "after a rest"


async def test_rows_of_a_dead_worker_are_prepared_all_the_same(workers: RowWorkers, prepare: Prepare) -> None:
    await workers(ROWS, None)
    ((idle, _),) = workers._idle
    process: Any = idle._process
    os.kill(process.pid, signal.SIGKILL)
    assert await workers(ROWS, None) == prepare.rows(ROWS, None)
    assert await workers(ROWS, None) == prepare.rows(ROWS, None)


async def test_workers_that_know_older_keys_end(workers: RowWorkers, prepare: Prepare) -> None:
    await workers(ROWS, None)
    ((before, _),) = workers._idle
    workers.use(greeting(ZONE, KEYS[1:], KEYS[:1]))
    clock = SystemClock(ZONE)
    now = preparing(understanding(clock), clock, BlindIndex(KEYS[1:]), KEYS[:1])
    assert await workers(ROWS, None) == now.rows(ROWS, None) != prepare.rows(ROWS, None)
    ((after, _),) = workers._idle
    assert after is not before
