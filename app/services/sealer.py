"""The sealer in the background: when to seal and index, publishing, and a database that is away."""

import asyncio
import logging
from collections.abc import Sequence

from app.services.index_events import IndexEvents
from app.services.log_ports import CheckpointNotPublished, CheckpointPlace
from app.services.seal_log import BATCH, SealLog

_logger = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0
_BLOCKS_A_TURN = 25
_LAST_SEAL_SECONDS = 5.0


class Sealer:
    """Seals every `seconds`, or as soon as 1,000 events wait; shows each head, and indexes what is sealed.

    Whatever fails is tried again at the next turn, and logged when it begins to fail and when it works again,
    never with a value. Nothing waits for it: not a request, not a start.
    """

    def __init__(
        self, seal: SealLog, index: IndexEvents, places: Sequence[CheckpointPlace], seconds: float
    ) -> None:
        self._seal = seal
        self._index = index
        self._places = places
        self._seconds = seconds
        self._shown: dict[int, str] = {}
        self._failing: dict[str, int] = {}

    async def run(self) -> None:
        """Runs until it is cancelled."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self._seconds
        while True:
            await asyncio.sleep(min(_LOOK_SECONDS, self._seconds))
            timely = loop.time() >= due
            if timely:
                due = loop.time() + self._seconds
            await self.turn(timely=timely)

    async def finish(self) -> None:
        """The last seal of a process that ends, where the database answers at once."""
        try:
            async with asyncio.timeout(_LAST_SEAL_SECONDS):
                await self.turn(timely=True)
        except TimeoutError:
            _logger.warning("the access log was not sealed at the end: the database took too long")

    async def turn(self, *, timely: bool) -> None:
        """One look: seals everything where it is time, or where enough waits. Raises nothing."""
        try:
            if timely or await self._seal.waiting(BATCH):
                sealed = BATCH
                while sealed == BATCH:
                    sealed = await self._seal(thorough=timely)
                await self._show()
                await self._index_some()
        except Exception as error:  # a background task that ends would end the sealing unseen
            self._failed("sealing the access log", type(error).__name__)
        else:
            self._works("sealing the access log")

    async def _index_some(self) -> None:
        """A log that no list was made of yet is caught up with bit by bit; sealing does not wait for it."""
        for _ in range(_BLOCKS_A_TURN):
            if not await self._index():
                return

    async def _show(self) -> None:
        head = await self._seal.newest()
        if head is None:
            return
        for number, place in enumerate(self._places):
            if self._shown.get(number) == head.note:
                continue
            what = f"publishing the checkpoint at place {number + 1}"
            try:
                await place.publish(head.note)
            except CheckpointNotPublished as refused:
                self._failed(what, str(refused))
            else:
                self._shown[number] = head.note
                self._works(what)

    def _failed(self, what: str, why: str) -> None:
        """The first failure may be another worker that was faster; the second in a row is said."""
        self._failing[what] = times = self._failing.get(what, 0) + 1
        if times == 2:
            _logger.warning("%s fails, and is tried again: %s", what, why)

    def _works(self, what: str) -> None:
        if self._failing.pop(what, 0) > 1:
            _logger.warning("%s works again", what)
