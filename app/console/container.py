"""The use cases that the console's pages call; bootstrap builds the one instance."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.core.access.policy import PolicySet
from app.core.audit.event import Event
from app.services.acknowledge_alert import AcknowledgeAlert
from app.services.change_password import ChangePassword
from app.services.check_log import CheckLog
from app.services.console_sessions import ConsoleSessions
from app.services.erase_customer import EraseCustomer
from app.services.follow_audit_events import FollowAuditEvents
from app.services.manage_clients import ManageClients
from app.services.manage_consents import ManageConsents
from app.services.match_customer import MatchCustomer
from app.services.merge_customers import MergeCustomers
from app.services.open_audit_event import OpenAuditEvent
from app.services.preview_change import PreviewChange
from app.services.read_alerts import ReadAlerts
from app.services.read_audit_events import ReadAuditEvents
from app.services.read_checkpoint import ReadCheckpoint
from app.services.read_customer import ReadCustomer
from app.services.read_dossier import ReadDossier
from app.services.read_last_use import ReadLastUse
from app.services.read_overview import ReadOverview
from app.services.read_review import ReadReview
from app.services.record_denial import RecordDenial
from app.services.reopen_review import ReopenReview
from app.services.report_access import ReportAccess
from app.services.report_activity import ReportActivity
from app.services.resolver import Understand
from app.services.review_emergencies import ReviewEmergencies
from app.services.settle_review import SettleReview
from app.services.sign_in import SignIn
from app.services.sign_in_elsewhere import SignInElsewhere
from app.services.split_customer import SplitCustomer
from app.services.stream_audit_events import StreamAuditEvents
from app.services.weigh_thresholds import WeighThresholds

EventLines = Callable[[AsyncIterator[Event], str], AsyncIterator[bytes]]
"""Writes events as the lines of a file, `ndjson` or `csv`."""


@dataclass(frozen=True, slots=True, repr=False)
class ConsoleServices:
    """Everything behind the console. Browsers reach it at `public_url`; clocks show `timezone`."""

    sessions: ConsoleSessions
    sign_in: SignIn
    sign_in_elsewhere: SignInElsewhere | None
    change_password: ChangePassword
    deny: RecordDenial
    read_overview: ReadOverview
    read_checkpoint: ReadCheckpoint
    settle_review: SettleReview
    read_review: ReadReview
    reopen_review: ReopenReview
    match_customer: MatchCustomer
    read_customer: ReadCustomer
    read_dossier: ReadDossier
    preview_change: PreviewChange
    merge_customers: MergeCustomers
    split_customer: SplitCustomer
    consents: ManageConsents
    erase_customer: EraseCustomer
    report_access: ReportAccess
    understand: Understand
    check_log: CheckLog
    read_alerts: ReadAlerts
    acknowledge_alert: AcknowledgeAlert
    emergencies: ReviewEmergencies
    manage_clients: ManageClients
    read_last_use: ReadLastUse
    weigh_thresholds: WeighThresholds
    policy: PolicySet
    read_audit_events: ReadAuditEvents
    follow_audit_events: FollowAuditEvents
    open_audit_event: OpenAuditEvent
    stream_audit_events: StreamAuditEvents
    report_activity: ReportActivity
    event_lines: EventLines
    public_url: str
    timezone: ZoneInfo

    @property
    def secure(self) -> bool:
        """Whether cookies may travel over TLS alone. Without TLS, as on one's own machine, they could not."""
        return self.public_url.startswith("https://")
