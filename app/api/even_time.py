"""Refusals leave at even beats, so that the time of an answer does not tell why it was refused."""

import asyncio
from dataclasses import dataclass
from math import ceil
from time import perf_counter


@dataclass(frozen=True, slots=True)
class EvenTime:
    """A refusal leaves a whole number of `beat` seconds after it began; 0: as soon as it is ready.

    No such customer is found in one query, a denial takes reading what the policy asks for; both take a small
    part of a beat. Nothing is held meanwhile: the transaction has ended, and no processor waits.
    """

    beat: float

    async def wait(self, began: float) -> None:
        """`began` by `time.perf_counter`."""
        if self.beat:
            await asyncio.sleep(until_beat(perf_counter() - began, self.beat))


def until_beat(took: float, beat: float) -> float:
    """Seconds from `took` to the end of the beat; the work itself always takes a part of the first."""
    return max(1, ceil(took / beat)) * beat - took
