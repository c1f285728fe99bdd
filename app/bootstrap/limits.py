"""What clients may ask, what looks like probing, and who is told."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import httpx

from app.adapters.alerts.webhook import Webhook
from app.adapters.counters.limiter import LocalLimiter, open_slots
from app.adapters.counters.remote import RemoteLimiter
from app.adapters.counters.tallies import SharedTallies
from app.adapters.crypto.digest import KeyedDigest
from app.adapters.reference.alert_rules import load_alert_rules, load_shipped_alert_rules
from app.bootstrap.ground import Ground
from app.core.audit.alert import AlertRules
from app.services.failure_tally import FailureTally
from app.services.limit_rate import LimitRate
from app.services.notice_probing import NoticeProbing
from app.services.raise_alert import RaiseAlert
from app.services.watch_log import WatchLog
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Guards:
    """What stands before and beside the use cases of a worker."""

    limits: LimitRate
    probing: NoticeProbing
    tallies: SharedTallies
    alarm: RaiseAlert
    rules: AlertRules
    tally: FailureTally


def alert_rules(settings: Settings) -> AlertRules:
    """The rules in force. Raises `InvalidAlertRules`, `OSError`."""
    file = settings.alert_rules_file
    return load_alert_rules(file) if file else load_shipped_alert_rules()


@contextmanager
def guarding(ground: Ground, tally: FailureTally) -> Iterator[Guards]:
    """Raises `InvalidLimitStore`, `InvalidAlertRules`."""
    settings, rules = ground.settings, alert_rules(ground.settings)
    slots = open_slots(settings.rate_limits_file)
    try:
        local, tallies = LocalLimiter(slots), SharedTallies(slots)
        url, probing = settings.rate_limits_url, rules.probing
        limiter = RemoteLimiter(url, local) if url else local
        alarm = RaiseAlert(ground.clock, ground.ids)
        yield Guards(
            LimitRate(limiter, tallies, tally, probing.paces, settings.source_failures),
            NoticeProbing(tallies, KeyedDigest(ground.keys.digest), probing, alarm),
            tallies,
            alarm,
            rules,
            tally,
        )
    finally:
        slots.close()


@asynccontextmanager
async def watching(ground: Ground, guards: Guards, http: httpx.AsyncClient) -> AsyncIterator[None]:
    """Watches the access log in the background."""
    settings = ground.settings
    if not settings.watch_seconds:
        yield
        return
    webhook = Webhook(http, settings.alerts_webhook) if settings.alerts_webhook else None
    watch = WatchLog(
        ground.units,
        ground.clock,
        guards.alarm,
        guards.tallies,
        guards.rules.watches,
        settings.timezone,
        webhook,
        settings.watch_seconds,
    )
    running = asyncio.create_task(watch.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])
