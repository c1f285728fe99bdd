"""The use cases that the routes call; bootstrap builds the one instance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.api.access_reports import Reports
from app.api.even_time import EvenTime
from app.core.access.policy import PolicySet
from app.services.acknowledge_alert import AcknowledgeAlert
from app.services.authenticate_caller import AuthenticateCaller
from app.services.authenticate_client import AuthenticateClient
from app.services.change_source_record import ChangeSourceRecord
from app.services.exchange_token import ExchangeToken
from app.services.explain_decision import ExplainDecision
from app.services.follow_import import FollowImport
from app.services.introspect_token import IntrospectToken
from app.services.issue_token import IssueToken
from app.services.keep_erased import Erasures
from app.services.limit_rate import LimitRate
from app.services.look_up_records import LookUpRecords
from app.services.manage_clients import ManageClients
from app.services.manage_consents import ManageConsents
from app.services.match_batch import MatchBatch
from app.services.match_customer import MatchCustomer
from app.services.merge_customers import MergeCustomers
from app.services.prove_consistency import ProveConsistency
from app.services.prove_inclusion import ProveInclusion
from app.services.read_alerts import ReadAlerts
from app.services.read_audit_events import ReadAuditEvents
from app.services.read_basic_data import ReadBasicData
from app.services.read_changes import ReadChanges
from app.services.read_checkpoint import ReadCheckpoint
from app.services.read_customer import ReadCustomer
from app.services.read_history import ReadHistory
from app.services.read_quality import ReadQuality
from app.services.register_customer import RegisterCustomer
from app.services.review_emergencies import ReviewEmergencies
from app.services.revoke_token import RevokeToken
from app.services.run_imports import RunImports
from app.services.settle_review import SettleReview
from app.services.split_customer import SplitCustomer
from app.services.stream_audit_events import StreamAuditEvents
from app.services.stream_cross_references import StreamCrossReferences
from app.services.upload_import import UploadImport


@dataclass(frozen=True, slots=True, repr=False)
class AccessServices:
    """Policy, consent, and the review of emergencies. `policy` is the set in force."""

    policy: PolicySet
    consents: ManageConsents
    explain: ExplainDecision
    emergencies: ReviewEmergencies


@dataclass(frozen=True, slots=True, repr=False)
class Services:
    """Everything behind the API. `client_audience` and `records_audience`: what a token's `aud` must be."""

    authenticate_caller: AuthenticateCaller
    authenticate_client: AuthenticateClient
    limit_rate: LimitRate
    issue_token: IssueToken
    exchange_token: ExchangeToken
    introspect_token: IntrospectToken
    revoke_token: RevokeToken
    manage_clients: ManageClients
    access: AccessServices
    match_customer: MatchCustomer
    match_batch: MatchBatch
    register_customer: RegisterCustomer
    read_customer: ReadCustomer
    read_history: ReadHistory
    change_source_record: ChangeSourceRecord
    merge_customers: MergeCustomers
    split_customer: SplitCustomer
    settle_review: SettleReview
    read_changes: ReadChanges
    stream_cross_references: StreamCrossReferences
    upload_import: UploadImport
    follow_import: FollowImport
    run_imports: RunImports
    read_quality: ReadQuality
    read_basic_data: ReadBasicData
    erasures: Erasures
    reports: Reports
    look_up_records: LookUpRecords
    read_audit_events: ReadAuditEvents
    stream_audit_events: StreamAuditEvents
    read_alerts: ReadAlerts
    acknowledge_alert: AcknowledgeAlert
    read_checkpoint: ReadCheckpoint
    prove_inclusion: ProveInclusion
    prove_consistency: ProveConsistency
    even_time: EvenTime
    jwks: Callable[[], dict[str, Any]]
    issuer: str
    client_audience: frozenset[str]
    records_audience: frozenset[str]
