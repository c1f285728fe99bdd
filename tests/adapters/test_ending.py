"""A signal is heard beside whoever handles it."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from app.adapters.ending import hearing_the_end


@pytest.fixture
def handled() -> Iterator[list[int]]:
    """The signals that a server which stood here before has heard."""
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    yield heard
    signal.signal(signal.SIGTERM, before)


def test_a_signal_is_heard_and_passed_on(handled: list[int]) -> None:
    with hearing_the_end() as ending:
        assert not ending()
        os.kill(os.getpid(), signal.SIGTERM)
        assert ending()
    assert handled == [signal.SIGTERM]


def test_afterwards_all_is_as_before(handled: list[int]) -> None:
    server = signal.getsignal(signal.SIGTERM)
    with hearing_the_end() as ending:
        assert signal.getsignal(signal.SIGTERM) is not server
    assert signal.getsignal(signal.SIGTERM) is server
    os.kill(os.getpid(), signal.SIGTERM)
    assert handled
    assert not ending()


def test_a_signal_that_nobody_handles_keeps_its_meaning() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with hearing_the_end():
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_a_server_in_another_thread_hears_nothing_and_runs() -> None:
    def other_thread() -> bool:
        with hearing_the_end() as ending:
            return ending()

    assert await asyncio.to_thread(other_thread) is False
