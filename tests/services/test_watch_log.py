"""The rules over the log: who meets them is an alert, once a window, and the webhook hears of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.adapters.counters.slots import SharedSlots
from app.adapters.counters.tallies import SharedTallies
from app.core.audit.alert import Alert, AlertFilter, Severity, Subject, Watch
from app.core.audit.event import Event, Kind
from app.services.ports import Ids, Units
from app.services.raise_alert import RaiseAlert
from app.services.watch_log import WatchLog
from app.services.watch_ports import AlertNotSent

HOUR = timedelta(hours=1)
DENIALS = Watch(
    "many_denials", Severity.WARNING, (Subject.CLIENT,), (Kind.MATCH, Kind.ACCESS), 3, HOUR, ("deny",)
)
PARTNERS = Watch(
    "many_partners",
    Severity.WARNING,
    (Subject.CUSTOMER,),
    (Kind.ACCESS,),
    3,
    HOUR,
    distinct=Subject.CLIENT,
)
EMERGENCY = Watch(
    "emergency",
    Severity.CRITICAL,
    (Subject.CLIENT, Subject.CUSTOMER),
    (Kind.ACCESS,),
    1,
    HOUR,
    ("permit",),
    ("ETREAT",),
)


class NowClock:
    """The machine's clock, since IDs carry its time; it can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def today(self) -> Any:
        return self.now().date()


class Receiver:
    def __init__(self) -> None:
        self.got: list[Alert] = []
        self.deaf = False

    async def send(self, alert: Alert) -> None:
        if self.deaf:
            raise AlertNotSent("the server answered 500")
        self.got.append(alert)


@pytest.fixture
def now_clock() -> NowClock:
    return NowClock()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def write(units: Units, ids: Ids, now_clock: NowClock) -> Callable[..., Awaitable[None]]:
    async def log(*clients: str, **facts: Any) -> None:
        events = [
            Event(
                **{
                    "event_id": ids.uuid(),
                    "at": now_clock.now(),
                    "kind": Kind.ACCESS,
                    "outcome": "deny",
                    "client_id": client,
                    **facts,
                }
            )
            for client in clients
        ]
        async with units() as unit:
            unit.events.append(*events)
            await unit.commit()

    return log


@pytest.fixture
def watch(units: Units, ids: Ids, now_clock: NowClock, receiver: Receiver) -> WatchLog:
    tallies = SharedTallies(SharedSlots.private())
    rules = (DENIALS, PARTNERS, EMERGENCY)
    return WatchLog(units, now_clock, RaiseAlert(now_clock, ids), tallies, rules, UTC, receiver, 0)


@pytest.fixture
def found(units: Units) -> Callable[[], Awaitable[list[tuple[str, str | None, str | None, int]]]]:
    async def read() -> list[tuple[str, str | None, str | None, int]]:
        async with units() as unit:
            alerts = await unit.alerts.list(AlertFilter(), None, 100)
        return sorted((a.rule, a.client_id, a.customer_id, a.count) for a in alerts)

    return read


async def test_who_reaches_a_threshold_is_an_alert_with_its_event(
    watch: WatchLog, write: Any, found: Any, events: Any
) -> None:
    await write("prober", "prober", "prober", "other", "other")
    await watch.turn()
    assert await found() == [("many_denials", "prober", None, 3)]
    (event,) = [event for event in await events() if event.kind is Kind.ALERT]
    assert (event.outcome, event.reasons, event.client_id) == ("raised", ("many_denials",), "prober")
    assert event.detail["counted"] == 3


async def test_a_rule_is_met_once_a_window(
    watch: WatchLog, write: Any, found: Any, now_clock: NowClock
) -> None:
    await write("prober", "prober", "prober")
    await watch.turn()
    await write("prober")
    await watch.turn()
    assert len(await found()) == 1
    now_clock.ahead = HOUR + timedelta(minutes=1)
    await watch.turn()  # the events are too old by now
    assert len(await found()) == 1


async def test_a_customer_of_many_partners(watch: WatchLog, write: Any, found: Any) -> None:
    await write("a", "a", "a", "b", outcome="permit", customer_id="C1")
    await watch.turn()
    assert await found() == []
    await write("c", outcome="permit", customer_id="C1")
    await watch.turn()
    assert await found() == [("many_partners", None, "C1", 3)]


async def test_an_emergency_is_an_alert_at_once_for_each_customer(
    watch: WatchLog, write: Any, found: Any
) -> None:
    await write("a", outcome="permit", customer_id="C1", purpose="TREAT")
    await write("a", outcome="permit", customer_id="C1", purpose="ETREAT")
    await write("a", outcome="permit", customer_id="C2", purpose="ETREAT")
    await watch.turn()
    assert await found() == [("emergency", "a", "C1", 1), ("emergency", "a", "C2", 1)]


async def test_folded_failures_count_as_many(watch: WatchLog, write: Any, found: Any) -> None:
    await write("a", count=7)
    await watch.turn()
    assert await found() == [("many_denials", "a", None, 7)]


async def test_two_watchers_raise_one_alert(
    watch: WatchLog, units: Units, ids: Ids, now_clock: NowClock, write: Any, found: Any
) -> None:
    tallies = SharedTallies(SharedSlots.private())
    other = WatchLog(units, now_clock, RaiseAlert(now_clock, ids), tallies, (DENIALS,), UTC, None, 0)
    await write("prober", "prober", "prober")
    await watch.turn()
    await other.turn()
    assert len(await found()) == 1


async def test_the_webhook_is_told_once_and_again_until_it_listens(
    watch: WatchLog, write: Any, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.deaf = True
    await write("prober", "prober", "prober")
    await watch.turn()
    await watch.turn()
    assert receiver.got == []
    assert caplog.text.count("sending alerts fails, and is tried again: the server answered 500") == 1
    receiver.deaf = False
    await watch.turn()
    await watch.turn()
    assert [alert.rule for alert in receiver.got] == ["many_denials"]
    assert "sending alerts works again" in caplog.text


async def test_a_database_that_is_away_ends_no_watching(
    broken_units: Units, ids: Ids, now_clock: NowClock, caplog: pytest.LogCaptureFixture
) -> None:
    tallies = SharedTallies(SharedSlots.private())
    alarm = RaiseAlert(now_clock, ids)
    watch = WatchLog(broken_units, now_clock, alarm, tallies, (DENIALS,), UTC, None, 0)
    await watch.turn()
    await watch.turn()
    assert caplog.text.count("watching the access log fails") == 1
