"""kill -9 while the log is sealed: what was signed stays signed, and what was not is sealed later."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SEALER = """
import asyncio, sys
from app.adapters.clock import SystemClock
from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.keys import parse_keys
from app.adapters.db.database import open_database
from app.adapters.ids import RandomIds
from app.core.audit.event import Event, Kind
from app.services.seal_log import SealLog
from app.settings import read_settings

async def work():
    settings, ids = read_settings(), RandomIds()
    keys, clock = parse_keys(settings.keys), SystemClock(settings.timezone)
    database = open_database(settings.database_url, keys)
    seal = SealLog(database.units, NoteSigner(keys.checkpoint), clock)
    while True:
        async with database.units() as unit:
            for _ in range(40):
                at = clock.now()
                unit.events.append(Event(event_id=ids.uuid(), at=at, kind=Kind.MATCH, outcome="match"))
            await unit.commit()
        await seal()
        print(flush=True)

asyncio.run(work())
"""


@pytest.mark.parametrize("after", [0.0, 0.004, 0.011])
def test_a_log_whose_sealer_is_killed_holds_and_goes_on(installation: Any, after: float) -> None:
    """`after`: seconds behind a seal, so that the next one is met at its beginning, its middle or its end."""
    for _ in range(3):
        sealer = subprocess.Popen(
            [sys.executable, "-c", SEALER], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        with sealer:
            assert sealer.stdout is not None
            for _ in range(5):
                assert sealer.stdout.readline()
            time.sleep(after)
            sealer.kill()
        held = installation.run("verify")
        assert held.exit_code == 0, held.output
    installation.seal(1, batches=3)
    result = installation.verify(installation.export(), "--key", installation.key())
    assert result.exit_code == 0, result.output
    events = sum(1 for line in installation.export().read_text().splitlines() if '"leaf"' in line)
    assert events >= 3 * 5 * 40
