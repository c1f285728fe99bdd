"""The gateway's log: the intent before the question, the result after the last byte."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.access.claims import Claims, CustomerGrant
from app.core.access.client import Client
from app.core.access.scope import Domain, Purpose
from app.services.context import Caller, Origin
from app.services.errors import CustomerNotGranted
from app.services.look_up_records import LookUpRecords
from app.services.ports import Clock, Ids, StorageUnavailable, Units
from app.services.record_denial import RecordDenial
from app.services.record_ports import HealthDataCenterUnavailable, RecordsReply
from app.services.scribe import Scribe


@dataclass
class Hdc:
    """Gives `chunks`, then fails with `reason`, if any; `refuses` before there is an answer."""

    chunks: tuple[bytes, ...] = (b"[", b"]")
    reason: str | None = None
    refuses: str | None = None
    status: int = 200
    closed: bool = False

    @asynccontextmanager
    async def records(self, *_: str | Mapping[str, str] | None) -> AsyncIterator[RecordsReply]:
        if self.refuses:
            raise HealthDataCenterUnavailable(self.refuses)
        try:
            yield RecordsReply(self.status, "application/json", self._body())
        finally:
            self.closed = True

    async def _body(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if self.reason:
            raise HealthDataCenterUnavailable(self.reason)


@pytest.fixture
def hdc() -> Hdc:
    return Hdc()


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CALLER = Caller(
    Client("hospital", frozenset(), None, None, None, True, NOW),
    Claims(
        "t1",
        "hospital",
        "records",
        frozenset(),
        NOW,
        NOW,
        grant=CustomerGrant("CA", (Domain.MEDICAL,), Purpose.TREAT),
    ),
    Origin("192.0.2.1", "r1"),
)
REQUEST = ("records_request", "permit", ())


@pytest.fixture
def look_up(clock: Clock, ids: Ids, hdc: Hdc) -> Callable[..., Any]:
    def ask(units: Units, customer_id: str = "CA", domain: str = "medical") -> Any:
        scribe = Scribe(clock, ids)
        use_case = LookUpRecords(units, hdc, RecordDenial(units, scribe), scribe)
        return use_case(customer_id, domain, {}, "token", CALLER)

    return ask


@pytest.fixture
def lines(events: Any) -> Callable[[], Any]:
    async def read() -> list[tuple[str, str, tuple[str, ...]]]:
        return [(str(e.kind), e.outcome, tuple(e.reasons)) for e in await events()]

    return read


async def whole(lookup: Any) -> list[bytes]:
    async with lookup as reply:
        return [chunk async for chunk in reply.body]


@pytest.mark.parametrize(("status", "outcome"), [(200, "ok"), (403, "refused")])
async def test_the_result_follows_the_last_byte(
    look_up: Any, units: Units, hdc: Hdc, lines: Any, events: Any, status: int, outcome: str
) -> None:
    hdc.status = status
    async with look_up(units) as reply:
        assert await lines() == [REQUEST]
        assert [await anext(reply.body), await anext(reply.body)] == [b"[", b"]"]
        assert await lines() == [REQUEST]
        # Whoever has seen the end finds the result in the log.
        assert await anext(reply.body, None) is None
        assert await lines() == [REQUEST, ("records_result", outcome, ())]
    assert hdc.closed
    (_, result) = await events()
    assert (result.customer_id, result.domains, result.detail) == ("CA", ("medical",), {"status": status})


@pytest.mark.parametrize("reason", ["broken_off", "timeout", "too_large"])
async def test_an_answer_that_breaks_off_is_an_error(
    look_up: Any, units: Units, hdc: Hdc, lines: Any, reason: str
) -> None:
    hdc.reason = reason
    with pytest.raises(HealthDataCenterUnavailable):
        await whole(look_up(units))
    assert await lines() == [REQUEST, ("records_result", "error", (reason,))]
    assert hdc.closed


async def test_no_answer_is_an_error(look_up: Any, units: Units, hdc: Hdc, lines: Any) -> None:
    hdc.refuses = "unreachable"
    with pytest.raises(HealthDataCenterUnavailable):
        async with look_up(units):
            pass
    assert await lines() == [REQUEST, ("records_result", "error", ("unreachable",))]


async def test_a_client_that_leaves_is_on_record(look_up: Any, units: Units, hdc: Hdc, lines: Any) -> None:
    async with look_up(units) as reply:
        await anext(reply.body)
    assert await lines() == [REQUEST, ("records_result", "aborted", ())]
    assert hdc.closed


async def test_a_request_that_is_cancelled_is_on_record(look_up: Any, units: Units, lines: Any) -> None:
    begun = asyncio.Event()

    async def request() -> None:
        async with look_up(units) as reply:
            await anext(reply.body)
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(request())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert await lines() == [REQUEST, ("records_result", "aborted", ())]


async def test_without_the_intent_on_record_nothing_is_asked(
    look_up: Any, deaf_units: Units, hdc: Hdc
) -> None:
    hdc.refuses = "asked"
    with pytest.raises(StorageUnavailable):
        async with look_up(deaf_units):
            pass


async def test_a_result_that_cannot_be_written_hides_nothing(
    look_up: Any, units: Units, deaf_units: Units, lines: Any, caplog: pytest.LogCaptureFixture
) -> None:
    opened = 0

    def first_alone() -> Any:
        nonlocal opened
        opened += 1
        return units() if opened == 1 else deaf_units()

    with caplog.at_level(logging.ERROR):
        assert await whole(look_up(first_alone)) == [b"[", b"]"]
    assert await lines() == [REQUEST]
    assert "the result ok of look-up r1 is not in the access log" in caplog.text


@pytest.mark.parametrize(("customer_id", "domain"), [("CB", "medical"), ("CA", "funeral")])
async def test_what_is_not_granted_is_not_asked(
    look_up: Any, units: Units, lines: Any, customer_id: str, domain: str
) -> None:
    with pytest.raises(CustomerNotGranted):
        async with look_up(units, customer_id, domain):
            pass
    assert await lines() == [("records_request", "deny", ("not_granted",))]
