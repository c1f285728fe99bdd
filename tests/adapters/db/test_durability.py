"""A process that is killed while it writes loses nothing of what it was told is written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import key_ring
from app.adapters.db.database import open_database
from app.core.audit.event import EventFilter

WRITER = """
import asyncio, json, sys
from dataclasses import replace
from datetime import UTC, datetime
from app.adapters.crypto.keys import key_ring
from app.adapters.db.database import open_database
from app.adapters.ids import RandomIds
from app.core.audit.event import Event, Kind

async def write():
    ids = RandomIds()
    database = open_database(sys.argv[1], key_ring(json.loads(sys.stdin.readline())))
    while True:
        customer_id, now = ids.customer_id(), datetime.now(UTC)
        async with database.units() as unit:
            unit.index.add_customers([customer_id], now)
            event = Event(event_id=ids.uuid(), at=now, kind=Kind.REGISTER, outcome="created")
            unit.events.append(replace(event, customer_id=customer_id))
            await unit.commit()
        print(customer_id, flush=True)

asyncio.run(write())
"""


@pytest.mark.parametrize("acknowledged", [1, 60])
async def test_what_was_acknowledged_survives_kill_9(database_url: str, acknowledged: int) -> None:
    keys = generate_keys()
    seen = _write_and_be_killed(database_url, json.dumps(keys), acknowledged)
    database = open_database(database_url, key_ring(keys))
    async with database.units() as unit:
        for customer_id in seen:
            assert await unit.index.exists(customer_id)
            assert len(await unit.events.list(EventFilter(customer_id=customer_id), None, 2)) == 1
    await database.close()


def _write_and_be_killed(url: str, keys: str, acknowledged: int) -> list[str]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    with writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(keys + "\n")
        writer.stdin.flush()
        seen = [writer.stdout.readline().strip() for _ in range(acknowledged)]
        writer.kill()
        seen += [
            line.strip() for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")
        ]
    assert all(seen)
    return seen
