"""Use cases on a real store, and a clock that moves only by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from app.adapters.counters.limiter import LocalLimiter
from app.adapters.counters.slots import SharedSlots
from app.adapters.counters.tallies import SharedTallies
from app.adapters.crypto.keys import KeyRing
from app.adapters.crypto.secrets import PepperedSecrets
from app.adapters.db.database import Database
from app.adapters.ids import RandomIds
from app.adapters.tokens.assertions import JwtAssertions
from app.adapters.tokens.signer import JwtSigner
from app.adapters.tokens.signing_keys import SigningKey, signing_keys
from app.adapters.tokens.verifier import JwtVerifier
from app.core.access.audience import Audiences, audiences
from app.core.access.client import Client
from app.core.access.client_keys import ClientKey, ClientKeys
from app.core.access.scope import Domain, Scope
from app.core.audit.event import Event, EventFilter
from app.services.access_ports import TokenSigner, TokenVerifier
from app.services.authenticate_caller import AuthenticateCaller
from app.services.authenticate_client import AuthenticateClient
from app.services.context import Origin
from app.services.exchange_token import ExchangeToken
from app.services.failure_tally import FailureTally
from app.services.grant_records import GrantRecords
from app.services.introspect_token import IntrospectToken
from app.services.issue_token import IssueToken
from app.services.limit_rate import LimitRate
from app.services.manage_clients import ManageClients, NewClient
from app.services.ports import Clock, Ids, StorageUnavailable, UnitOfWork, Units
from app.services.record_denial import RecordDenial
from app.services.revoke_token import RevokeToken
from app.services.scribe import Scribe
from app.services.token_log import TokenLog
from app.services.verified_tokens import VerifiedTokens


@dataclass
class StandingClock:
    moment: datetime = datetime(2026, 11, 21, 12, 0, 0, 250_000, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()


class InlineKeys:
    """A source of the keys that stand in the registration."""

    async def keys(self, keys: ClientKeys, kid: str | None) -> tuple[ClientKey, ...]:  # noqa: ARG002
        return keys.inline


@pytest.fixture
def units(database: Database) -> Units:
    return database.units


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def pass_time(clock: StandingClock) -> Callable[[float], None]:
    """Moves the clock by seconds."""

    def move(seconds: float) -> None:
        clock.moment += timedelta(seconds=seconds)

    return move


@pytest.fixture
def ids() -> Ids:
    return RandomIds()


@pytest.fixture
def where() -> Audiences:
    return audiences("https://cdc.example", "https://hdc.example")


@pytest.fixture
def origin() -> Origin:
    return Origin("192.0.2.7", "request-1", None)


@pytest.fixture
def events(units: Units) -> Callable[[], Awaitable[list[Event]]]:
    """The whole log, oldest first."""

    async def read() -> list[Event]:
        async with units() as unit:
            return (await unit.events.list(EventFilter(), None, 1000))[::-1]

    return read


@pytest.fixture
def hasher(key_ring: KeyRing) -> PepperedSecrets:
    return PepperedSecrets(key_ring.pepper)


@pytest.fixture
def verified() -> VerifiedTokens:
    return VerifiedTokens()


@pytest.fixture
def manage(
    units: Units, hasher: PepperedSecrets, clock: Clock, ids: Ids, verified: VerifiedTokens
) -> ManageClients:
    return ManageClients(units, hasher, clock, ids, verified)


@pytest.fixture
def register(manage: ManageClients) -> Callable[..., Awaitable[Client]]:
    """Registers a client with some scopes."""

    async def create(client_id: str, *scopes: Scope, domain: Domain | None = None) -> Client:
        return (await manage.create(NewClient(client_id, frozenset(scopes), domain), None)).client

    return create


@pytest.fixture
def log(units: Units, clock: Clock, ids: Ids) -> TokenLog:
    return TokenLog(units, clock, ids)


@pytest.fixture(scope="session")
def signing(key_ring: KeyRing) -> tuple[SigningKey, ...]:
    return signing_keys(key_ring.signing)


@pytest.fixture
def signer(signing: tuple[SigningKey, ...], where: Audiences) -> TokenSigner:
    return JwtSigner(signing, where.issuer)


@pytest.fixture
def verifier(signing: tuple[SigningKey, ...], where: Audiences) -> TokenVerifier:
    return JwtVerifier(signing, where)


@pytest.fixture
async def tally(units: Units, clock: Clock, ids: Ids) -> AsyncIterator[FailureTally]:
    counting = FailureTally(units, clock, ids)
    yield counting
    await counting.flush()


@pytest.fixture
def limits(tally: FailureTally) -> LimitRate:
    """Rate limits of a table of this process alone."""
    slots = SharedSlots.private()
    return LimitRate(LocalLimiter(slots), SharedTallies(slots), tally, (), 1000)


@pytest.fixture
def authenticate_client(
    units: Units,
    hasher: PepperedSecrets,
    where: Audiences,
    clock: Clock,
    tally: FailureTally,
    limits: LimitRate,
    verified: VerifiedTokens,
) -> AuthenticateClient:
    assertions = JwtAssertions(frozenset({where.issuer, f"{where.issuer}/oauth2/token"}))
    return AuthenticateClient(units, hasher, assertions, InlineKeys(), clock, tally, limits, verified.secrets)


@pytest.fixture
def authenticate_caller(
    units: Units,
    verifier: TokenVerifier,
    clock: Clock,
    ids: Ids,
    verified: VerifiedTokens,
    tally: FailureTally,
    limits: LimitRate,
) -> AuthenticateCaller:
    deny = RecordDenial(units, Scribe(clock, ids))
    return AuthenticateCaller(units, verifier, clock, verified, tally, deny, limits)


@pytest.fixture
def issue(
    units: Units, signer: TokenSigner, clock: Clock, ids: Ids, where: Audiences, log: TokenLog
) -> IssueToken:
    return IssueToken(units, signer, clock, ids, where, log)


@pytest.fixture
def grant(signer: TokenSigner, clock: Clock, ids: Ids, where: Audiences) -> GrantRecords:
    return GrantRecords(signer, clock, ids, where)


@pytest.fixture
def exchange(
    units: Units,
    signer: TokenSigner,
    verifier: TokenVerifier,
    clock: Clock,
    ids: Ids,
    where: Audiences,
    log: TokenLog,
) -> ExchangeToken:
    return ExchangeToken(units, signer, verifier, clock, ids, where, log)


@pytest.fixture
def introspect(
    units: Units, verifier: TokenVerifier, clock: Clock, where: Audiences, log: TokenLog
) -> IntrospectToken:
    return IntrospectToken(units, verifier, clock, where, log)


@pytest.fixture
def revoke(
    units: Units,
    verifier: TokenVerifier,
    clock: Clock,
    where: Audiences,
    verified: VerifiedTokens,
    log: TokenLog,
) -> RevokeToken:
    return RevokeToken(units, verifier, clock, where, verified, log)


@pytest.fixture
def broken_units() -> Units:
    """A store that cannot be reached."""

    @asynccontextmanager
    async def open_unit() -> AsyncIterator[UnitOfWork]:
        raise StorageUnavailable("away")
        yield

    return open_unit


@pytest.fixture
def deaf_units(units: Units) -> Units:
    """A store that can be read but refuses to write."""

    class Deaf:
        def __init__(self, unit: UnitOfWork) -> None:
            self.index = unit.index
            self.reindexing = unit.reindexing
            self.rewrapping = unit.rewrapping
            self.resealing = unit.resealing
            self.emergencies = unit.emergencies
            self.cross_index = unit.cross_index
            self.imports = unit.imports
            self.clients = unit.clients
            self.activity = unit.activity
            self.accounts = unit.accounts
            self.console_sessions = unit.console_sessions
            self.changes = unit.changes
            self.reviews = unit.reviews
            self.ledger = unit.ledger
            self.erasures = unit.erasures
            self.customers = unit.customers
            self.events = unit.events
            self.revocations = unit.revocations
            self.assertions = unit.assertions
            self.seals = unit.seals
            self.postings = unit.postings
            self.alerts = unit.alerts
            self.consents = unit.consents
            self.policies = unit.policies

        async def commit(self) -> None:
            raise StorageUnavailable("read-only")

    @asynccontextmanager
    async def open_unit() -> AsyncIterator[UnitOfWork]:
        async with units() as unit:
            yield Deaf(unit)

    return open_unit
