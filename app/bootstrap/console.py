"""The use cases of the console: those of the API where it does the same, and its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import httpx

from app.adapters.crypto.passwords import Argon2Passwords
from app.api.container import Services
from app.api.event_stream import ExportFormat, written
from app.api.metrics import latency_of
from app.bootstrap.ground import Ground, model_in_force
from app.console.app import Console
from app.console.container import ConsoleServices
from app.core.access.roles import Role
from app.core.audit.event import Event
from app.core.audit.latency import Histogram
from app.services.change_password import ChangePassword
from app.services.check_log import CheckLog
from app.services.console_sessions import ConsoleSessions
from app.services.count_activity import CountActivity
from app.services.failure_tally import FailureTally
from app.services.follow_audit_events import FollowAuditEvents
from app.services.open_audit_event import OpenAuditEvent
from app.services.preview_change import PreviewChange
from app.services.read_dossier import ReadDossier
from app.services.read_last_use import ReadLastUse
from app.services.read_overview import ReadOverview
from app.services.read_review import ReadReview
from app.services.reopen_review import ReopenReview
from app.services.sign_in import SignIn
from app.services.sign_in_elsewhere import SignInElsewhere
from app.services.watch_latency import WatchLatency
from app.services.weigh_thresholds import WeighThresholds

LONGEST_SESSION = timedelta(hours=8)


@asynccontextmanager
async def console_open(
    console: Console,
    ground: Ground,
    services: Services,
    tally: FailureTally,
    http: httpx.AsyncClient,
) -> AsyncIterator[None]:
    """The console with all its pages call, while the server runs."""
    latency = WatchLatency(_match_latency, ground.clock)
    console.services = _services(ground, services, tally, latency, http)
    watching = asyncio.create_task(latency.forever())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def _elsewhere(
    ground: Ground, http: httpx.AsyncClient, sessions: ConsoleSessions, tally: FailureTally
) -> SignInElsewhere | None:
    """Sign-in at an identity provider, where one is set."""
    known = ground.settings.identity_provider
    if known is None:
        return None
    # Most installations have none, and its libraries take three megabytes of each worker.
    from app.adapters.oidc.provider import OpenIdProvider, Registration

    registration = Registration(
        issuer=known.issuer,
        client_id=known.client_id,
        client_secret=known.client_secret,
        redirect_uri=f"{ground.settings.public_url}/console/sign-in/return",
        name_claim=known.name_claim,
        groups_claim=known.groups_claim,
    )
    provider = OpenIdProvider(http, registration)
    roles = {group: Role(role) for group, role in known.roles}
    return SignInElsewhere(ground.units, sessions, provider, roles, tally)


def _services(
    ground: Ground,
    services: Services,
    tally: FailureTally,
    latency: WatchLatency,
    http: httpx.AsyncClient,
) -> ConsoleServices:
    units, settings, scribe = ground.units, ground.settings, ground.scribe
    passwords = Argon2Passwords()
    settle, sessions = services.settle_review, _sessions(ground)
    return ConsoleServices(
        sessions=sessions,
        sign_in=SignIn(units, sessions, passwords, tally),
        sign_in_elsewhere=_elsewhere(ground, http, sessions, tally),
        change_password=ChangePassword(units, sessions, passwords),
        deny=ground.deny,
        read_overview=ReadOverview(units, ground.clock, latency, CountActivity(), settings.timezone),
        read_checkpoint=services.read_checkpoint,
        settle_review=settle,
        read_review=ReadReview(units, settle.cases, ground.deny, ground.scribe),
        reopen_review=ReopenReview(settle.stewardship, settle.cases),
        match_customer=services.match_customer,
        read_customer=services.read_customer,
        read_dossier=ReadDossier(units, ground.deny, ground.scribe, ground.rules),
        preview_change=PreviewChange(units, ground.resolver, ground.deny, ground.scribe, ground.rules),
        merge_customers=services.merge_customers,
        split_customer=services.split_customer,
        consents=services.access.consents,
        erase_customer=services.erasures.of_customer,
        report_access=services.reports.access.make,
        understand=ground.resolver.understand,
        check_log=CheckLog(units, scribe),
        read_alerts=services.read_alerts,
        acknowledge_alert=services.acknowledge_alert,
        emergencies=services.access.emergencies,
        manage_clients=services.manage_clients,
        read_last_use=ReadLastUse(units),
        weigh_thresholds=WeighThresholds(units, model_in_force(settings)),
        policy=ground.policy.policy,
        read_audit_events=services.read_audit_events,
        follow_audit_events=FollowAuditEvents(units, scribe),
        open_audit_event=OpenAuditEvent(units, scribe),
        stream_audit_events=services.stream_audit_events,
        report_activity=services.reports.activity.make,
        event_lines=_lines,
        public_url=settings.public_url,
        timezone=settings.timezone,
    )


def _sessions(ground: Ground) -> ConsoleSessions:
    idle = timedelta(minutes=ground.settings.console_idle_minutes)
    return ConsoleSessions(ground.units, ground.scribe, ground.clock, ground.ids, idle, LONGEST_SESSION)


def _match_latency() -> Histogram:
    return latency_of("/v1/match")


def _lines(events: AsyncIterator[Event], form: str) -> AsyncIterator[bytes]:
    return written(events, ExportFormat(form))
