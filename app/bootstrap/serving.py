"""The use cases of the API."""

import httpx

from app.adapters.hdc.client import HealthDataCenterClient
from app.api.container import Services
from app.api.even_time import EvenTime
from app.bootstrap.access import access_services
from app.bootstrap.clients import authenticating_clients
from app.bootstrap.erasures import erasing
from app.bootstrap.ground import Ground
from app.bootstrap.index import importing, managing_clients, reading_quality, registering, stewarding
from app.bootstrap.limits import Guards
from app.bootstrap.matching import matching
from app.bootstrap.reports import reporting
from app.bootstrap.token_keys import following_keys
from app.core.access.audience import audiences
from app.services.acknowledge_alert import AcknowledgeAlert
from app.services.authenticate_caller import AuthenticateCaller
from app.services.change_source_record import ChangeSourceRecord
from app.services.exchange_token import ExchangeToken
from app.services.follow_import import FollowImport
from app.services.grant_records import GrantRecords
from app.services.introspect_token import IntrospectToken
from app.services.issue_token import IssueToken
from app.services.look_up_records import LookUpRecords
from app.services.merge_customers import MergeCustomers
from app.services.prove_consistency import ProveConsistency
from app.services.prove_inclusion import ProveInclusion
from app.services.read_alerts import ReadAlerts
from app.services.read_audit_events import ReadAuditEvents
from app.services.read_basic_data import ReadBasicData
from app.services.read_changes import Ending, ReadChanges
from app.services.read_checkpoint import ReadCheckpoint
from app.services.read_customer import ReadCustomer
from app.services.read_history import ReadHistory
from app.services.review_cases import ReviewCases
from app.services.revoke_token import RevokeToken
from app.services.run_imports import RunImports
from app.services.settle_review import SettleReview
from app.services.split_customer import SplitCustomer
from app.services.stream_audit_events import StreamAuditEvents
from app.services.stream_cross_references import StreamCrossReferences
from app.services.token_log import TokenLog
from app.services.upload_import import UploadImport
from app.services.verified_tokens import VerifiedTokens


def serving(ground: Ground, http: httpx.AsyncClient, guards: Guards, ending: Ending) -> Services:
    """Every use case that a route calls, built once for a worker; `ending` tells when it is to go."""
    units, clock, ids, deny, scribe = ground.units, ground.clock, ground.ids, ground.deny, ground.scribe
    settings, limits, tally, verified = ground.settings, guards.limits, guards.tally, VerifiedTokens()
    aud, log = audiences(settings.public_url, settings.hdc_url), TokenLog(units, clock, ids)
    keys, stewardship = following_keys(ground, aud, verified), stewarding(ground, verified)
    match_customer, match_batch = matching(ground, GrantRecords(keys.signer, clock, ids, aud), guards.probing)
    return Services(
        authenticate_caller=AuthenticateCaller(units, keys.verifier, clock, verified, tally, deny, limits),
        authenticate_client=authenticating_clients(ground, http, tally, limits, verified.secrets),
        limit_rate=limits,
        issue_token=IssueToken(units, keys.signer, clock, ids, aud, log),
        exchange_token=ExchangeToken(units, keys.signer, keys.verifier, clock, ids, aud, log),
        introspect_token=IntrospectToken(units, keys.verifier, clock, aud, log),
        revoke_token=RevokeToken(units, keys.verifier, clock, aud, verified, log),
        manage_clients=managing_clients(ground, verified),
        access=access_services(ground, verified),
        match_customer=match_customer,
        match_batch=match_batch,
        register_customer=registering(ground),
        read_customer=ReadCustomer(units, deny, scribe, ground.rules),
        read_history=ReadHistory(units, deny, scribe, ground.rules),
        change_source_record=ChangeSourceRecord(stewardship, ground.resolver),
        merge_customers=MergeCustomers(stewardship),
        split_customer=SplitCustomer(stewardship),
        settle_review=SettleReview(stewardship, ReviewCases(ground.resolver)),
        read_changes=ReadChanges(units, scribe, ending),
        stream_cross_references=StreamCrossReferences(units, deny, scribe),
        upload_import=UploadImport(units, deny, scribe, clock, ids, settings.import_jobs),
        follow_import=FollowImport(units, scribe),
        run_imports=RunImports(units, importing(ground), clock, ids),
        read_quality=reading_quality(ground),
        read_basic_data=ReadBasicData(clock),
        look_up_records=LookUpRecords(units, HealthDataCenterClient(http, settings.hdc_url), deny, scribe),
        read_audit_events=ReadAuditEvents(units, scribe),
        stream_audit_events=StreamAuditEvents(units, scribe),
        read_alerts=ReadAlerts(units, scribe),
        acknowledge_alert=AcknowledgeAlert(units, scribe),
        read_checkpoint=ReadCheckpoint(units),
        prove_inclusion=ProveInclusion(units, scribe),
        prove_consistency=ProveConsistency(units),
        even_time=EvenTime(settings.refusal_milliseconds / 1000),
        erasures=erasing(ground, stewardship),
        jwks=keys.published,
        reports=reporting(ground),
        issuer=aud.issuer,
        client_audience=frozenset({aud.issuer}),
        records_audience=frozenset({aud.records}),
    )
