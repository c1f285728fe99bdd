"""The runner of imports ends when it is told to."""

import asyncio
from typing import Any, cast

import pytest

from app.services.run_imports import RunImports


@pytest.mark.parametrize("turns", range(8))
async def test_it_ends_when_it_is_cancelled_just_as_work_comes(
    monkeypatch: pytest.MonkeyPatch, turns: int
) -> None:
    """However many turns of the loop lie between the two: a cancellation that was lost would have a service
    wait for its runner for ever."""

    async def nothing(_: RunImports) -> bool:
        return False

    monkeypatch.setattr(RunImports, "once", nothing)
    unused = cast("Any", None)
    runner = RunImports(unused, unused, unused, unused)
    running = asyncio.create_task(runner.forever())
    await asyncio.sleep(0.01)
    runner.wake.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=1)
    lost = not done
    running.cancel()
    assert not lost
