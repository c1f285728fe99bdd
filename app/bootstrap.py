"""The composition root: settings → adapters → services."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial

import httpx
from fastapi import FastAPI

from app.adapters.clock import SystemClock
from app.adapters.crypto.digest import KeyedDigest
from app.adapters.crypto.key_file import read_keys
from app.adapters.crypto.keys import KeyRing, parse_keys
from app.adapters.crypto.secrets import PepperedSecrets
from app.adapters.db.database import Database, open_database
from app.adapters.hdc.client import TIMEOUT, HealthDataCenterClient
from app.adapters.ids import RandomIds
from app.adapters.reference.load import load_reference_tables
from app.adapters.reference.model import load_model, load_shipped_model
from app.adapters.reference.survivorship import load_shipped_survivorship, load_survivorship
from app.adapters.tokens.signer import JwtSigner
from app.adapters.tokens.signing_keys import jwks, signing_keys
from app.adapters.tokens.verifier import JwtVerifier
from app.api.container import Services
from app.core.access.audience import audiences
from app.core.identity.elements import GivenElements, IdentityElements
from app.core.identity.understand import understand
from app.core.index.golden_record import SurvivorshipRules
from app.core.matching.resolve import resolve
from app.services.authenticate_caller import AuthenticateCaller
from app.services.authenticate_client import AuthenticateClient
from app.services.change_source_record import ChangeSourceRecord
from app.services.check_index import CheckIndex
from app.services.exchange_token import ExchangeToken
from app.services.export_cross_references import ExportCrossReferences
from app.services.export_labels import ExportLabels
from app.services.failure_tally import FailureTally
from app.services.follow_import import FollowImport
from app.services.grant_records import GrantRecords
from app.services.import_source_records import ImportSourceRecords
from app.services.introspect_token import IntrospectToken
from app.services.issue_token import IssueToken
from app.services.look_up_records import LookUpRecords
from app.services.manage_clients import ManageClients
from app.services.match_batch import MatchBatch
from app.services.match_customer import MatchCustomer
from app.services.merge_customers import MergeCustomers
from app.services.ports import Clock, Units
from app.services.read_audit_events import ReadAuditEvents
from app.services.read_basic_data import ReadBasicData
from app.services.read_changes import ReadChanges
from app.services.read_customer import ReadCustomer
from app.services.read_history import ReadHistory
from app.services.read_quality import ReadQuality
from app.services.record_denial import RecordDenial
from app.services.register_customer import RegisterCustomer
from app.services.resolver import Resolver
from app.services.revoke_token import RevokeToken
from app.services.run_imports import RunImports
from app.services.scribe import Scribe
from app.services.settle_review import SettleReview
from app.services.split_customer import SplitCustomer
from app.services.stewardship import Stewardship
from app.services.stream_cross_references import StreamCrossReferences
from app.services.token_log import TokenLog
from app.services.upload_import import UploadImport
from app.services.verified_tokens import VerifiedTokens
from app.settings import Settings

REMEMBERED_PEOPLE = 8192
"""How many people's elements stay understood in memory; a batch import meets the same ones again at once."""


@dataclass(frozen=True, slots=True)
class OperatorServices:
    """The use cases of the command line."""

    import_source_records: ImportSourceRecords
    read_quality: ReadQuality
    export_cross_references: ExportCrossReferences
    export_labels: ExportLabels
    check_index: CheckIndex
    manage_clients: ManageClients


@dataclass(frozen=True, slots=True)
class Ground:
    """What every use case stands on."""

    settings: Settings
    keys: KeyRing
    database: Database
    clock: SystemClock
    ids: RandomIds
    scribe: Scribe
    deny: RecordDenial
    resolver: Resolver
    rules: SurvivorshipRules

    @property
    def units(self) -> Units:
        """Opens units of work."""
        return self.database.units


def read_key_ring(settings: Settings) -> KeyRing:
    """The installation's keys. Raises `InvalidKeys`, saying how to make them where there are none."""
    return parse_keys(settings.keys) if settings.keys is not None else read_keys(settings.keys_file)


def lifespan_of(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Opens everything when the server starts, and closes it when the last request is done."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _ground(settings) as ground, httpx.AsyncClient(timeout=TIMEOUT) as http:
            tally = FailureTally(ground.units, ground.clock, ground.ids)
            app.state.services = _services(ground, http, tally)
            # Whatever start-up built lives as long as the process: kept out of the collector's way, a full
            # collection no longer pauses requests.
            gc.collect()
            gc.freeze()
            importing = asyncio.create_task(app.state.services.run_imports.forever())
            yield
            importing.cancel()
            with suppress(asyncio.CancelledError):
                await importing
            await tally.flush()

    return lifespan


@asynccontextmanager
async def operator_services(settings: Settings) -> AsyncIterator[OperatorServices]:
    """The use cases of the command line, for as long as a command runs."""
    async with _ground(settings) as ground:
        yield OperatorServices(
            import_source_records=_importing(ground),
            read_quality=_read_quality(ground),
            export_cross_references=ExportCrossReferences(ground.units, ground.clock, ground.ids),
            export_labels=ExportLabels(ground.units, ground.clock, ground.ids),
            check_index=CheckIndex(ground.units, ground.clock, ground.ids),
            manage_clients=_manage_clients(ground, VerifiedTokens()),
        )


@asynccontextmanager
async def _ground(settings: Settings) -> AsyncIterator[Ground]:
    keys = read_key_ring(settings)
    database = open_database(
        settings.database_url, keys, bucket_limit=settings.bucket_limit, connections=settings.pool_size
    )
    try:
        clock, ids = SystemClock(settings.timezone), RandomIds()
        scribe = Scribe(clock, ids)
        deny = RecordDenial(database.units, scribe)
        rules = _survivorship(settings)
        yield Ground(settings, keys, database, clock, ids, scribe, deny, _resolver(clock, settings), rules)
    finally:
        await database.close()


def _survivorship(settings: Settings) -> SurvivorshipRules:
    file = settings.survivorship_file
    return load_survivorship(file) if file else load_shipped_survivorship()


def _resolver(clock: Clock, settings: Settings) -> Resolver:
    tables = load_reference_tables()
    model = load_model(settings.model_file) if settings.model_file else load_shipped_model()

    remembered = lru_cache(REMEMBERED_PEOPLE)(partial(understand, tables=tables))

    def understood(given: GivenElements) -> IdentityElements:
        return remembered(given, today=clock.today())

    return Resolver(
        understand=understood,
        resolve=partial(resolve, model=model, tables=tables),
    )


def _register(ground: Ground) -> RegisterCustomer:
    digest = KeyedDigest(ground.keys.digest)
    return RegisterCustomer(
        ground.units, ground.resolver, ground.deny, digest, ground.clock, ground.ids, ground.rules
    )


def _importing(ground: Ground) -> ImportSourceRecords:
    return ImportSourceRecords(_register(ground), ground.resolver, ReadBasicData(ground.clock))


def _read_quality(ground: Ground) -> ReadQuality:
    return ReadQuality(ground.units, ground.resolver, ground.deny, ground.scribe, ground.clock, ground.ids)


def _match(ground: Ground, grant: GrantRecords) -> MatchCustomer:
    digest = KeyedDigest(ground.keys.digest)
    return MatchCustomer(ground.units, ground.resolver, grant, ground.deny, digest, ground.scribe)


def _stewardship(ground: Ground, verified: VerifiedTokens) -> Stewardship:
    return Stewardship(
        ground.units,
        ground.deny,
        ground.scribe,
        ground.clock,
        ground.ids,
        KeyedDigest(ground.keys.digest),
        verified,
        ground.rules,
    )


def _manage_clients(ground: Ground, verified: VerifiedTokens) -> ManageClients:
    hasher = PepperedSecrets(ground.keys.pepper)
    return ManageClients(ground.units, hasher, ground.clock, ground.ids, verified)


def _services(ground: Ground, http: httpx.AsyncClient, tally: FailureTally) -> Services:
    units, clock, ids = ground.units, ground.clock, ground.ids
    settings = ground.settings
    where = audiences(settings.public_url, settings.hdc_url)
    signing = signing_keys(ground.keys.signing)
    signer, verifier = JwtSigner(signing, where.issuer), JwtVerifier(signing, where)
    verified, log = VerifiedTokens(), TokenLog(units, clock, ids)
    hdc = HealthDataCenterClient(http, settings.hdc_url)
    stewardship = _stewardship(ground, verified)
    return Services(
        authenticate_caller=AuthenticateCaller(units, verifier, clock, verified, tally, ground.deny),
        authenticate_client=AuthenticateClient(units, PepperedSecrets(ground.keys.pepper), tally),
        issue_token=IssueToken(units, signer, clock, ids, where, log),
        exchange_token=ExchangeToken(units, signer, verifier, clock, ids, where, log),
        introspect_token=IntrospectToken(units, verifier, clock, where, log),
        revoke_token=RevokeToken(units, verifier, clock, where, verified, log),
        manage_clients=_manage_clients(ground, verified),
        match_customer=_match(ground, GrantRecords(signer, clock, ids, where)),
        match_batch=MatchBatch(
            units, ground.resolver, ground.deny, KeyedDigest(ground.keys.digest), ground.scribe
        ),
        register_customer=_register(ground),
        read_customer=ReadCustomer(units, ground.deny, ground.scribe, ground.rules),
        read_history=ReadHistory(units, ground.deny, ground.scribe, ground.rules),
        change_source_record=ChangeSourceRecord(stewardship, ground.resolver),
        merge_customers=MergeCustomers(stewardship),
        split_customer=SplitCustomer(stewardship),
        settle_review=SettleReview(stewardship, ground.resolver),
        read_changes=ReadChanges(units, ground.scribe),
        stream_cross_references=StreamCrossReferences(units, ground.deny, ground.scribe),
        upload_import=UploadImport(units, ground.deny, ground.scribe, clock, ids),
        follow_import=FollowImport(units, ground.scribe),
        run_imports=RunImports(units, _importing(ground), clock, ids),
        read_quality=_read_quality(ground),
        read_basic_data=ReadBasicData(clock),
        look_up_records=LookUpRecords(units, hdc, ground.deny, ground.scribe),
        read_audit_events=ReadAuditEvents(units, ground.scribe),
        ready=ground.database.ping,
        jwks=jwks(signing),
        issuer=where.issuer,
        client_audience=frozenset({where.issuer}),
        records_audience=frozenset({where.records}),
    )
