from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.policy import AccessRequest, Permit
from app.core.access.record_kinds import RecordKind, Sensitivity
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import Domain, Purpose, Scope
from app.core.audit.event import Event, Kind
from app.core.index.customer import Customer
from app.services.access_ports import TokenVerifier
from app.services.context import Caller, Origin
from app.services.grant_records import GrantRecords
from app.services.issue_token import IssueToken
from app.services.ports import Clock, StorageUnavailable, Units

Events = Callable[[], Awaitable[list[Event]]]


@pytest.fixture
async def client(register: Callable[..., Awaitable[Client]]) -> Client:
    return await register("partner", Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, domain=Domain.MEDICAL)


async def test_a_token_has_all_registered_scopes_or_those_asked_for(
    client: Client, issue: IssueToken, origin: Origin
) -> None:
    everything = await issue(client, None, (), origin)
    assert everything.claims.scopes == client.scopes
    assert everything.expires_in == 900
    narrow = await issue(client, "customer:match", (), origin)
    assert narrow.claims.scopes == {Scope.CUSTOMER_MATCH}


@pytest.mark.parametrize(
    ("resources", "audience"),
    [
        ((), "https://cdc.example"),
        (("https://cdc.example",), "https://cdc.example"),
        (("https://hdc.example",), "https://hdc.example"),
        (("https://hdc.example/",), "https://hdc.example"),
        (("https://hdc.example/", "https://hdc.example"), "https://hdc.example"),
    ],
)
async def test_a_token_is_good_where_it_was_asked_for(
    resources: tuple[str, ...],
    audience: str,
    client: Client,
    issue: IssueToken,
    verifier: TokenVerifier,
    clock: Clock,
    origin: Origin,
) -> None:
    issued = await issue(client, None, resources, origin)
    assert verifier.verify(issued.token, frozenset({audience}), clock.now()) == issued.claims


@pytest.mark.parametrize(
    ("scope", "resources", "error"),
    [
        ("root", (), OAuthError.INVALID_SCOPE),
        ("customer:match  records:medical", (), OAuthError.INVALID_SCOPE),
        ("audit:read", (), OAuthError.INVALID_SCOPE),
        ("customer:match audit:read", (), OAuthError.INVALID_SCOPE),
        (None, ("https://elsewhere.example",), OAuthError.INVALID_TARGET),
        (None, ("https://cdc.example/records",), OAuthError.INVALID_TARGET),
        (None, ("https://cdc.example", "https://hdc.example"), OAuthError.INVALID_TARGET),
        (None, ("https://cdc.example", "nonsense"), OAuthError.INVALID_TARGET),
    ],
)
async def test_what_cannot_be_granted_is_refused_on_record(
    scope: str | None,
    resources: tuple[str, ...],
    error: OAuthError,
    client: Client,
    issue: IssueToken,
    events: Events,
    origin: Origin,
) -> None:
    with pytest.raises(OAuthRefusal) as refused:
        await issue(client, scope, resources, origin)
    assert refused.value.error is error
    event = (await events())[-1]
    assert (event.kind, event.outcome, event.reasons) == (Kind.TOKEN, "refused", (error.value,))
    assert event.client_id == "partner"


async def test_every_token_has_its_event(
    client: Client, issue: IssueToken, events: Events, origin: Origin
) -> None:
    issued = await issue(client, "customer:match", ("https://hdc.example",), origin)
    event = (await events())[-1]
    assert (event.kind, event.outcome, event.token_id) == (Kind.TOKEN, "issued", issued.claims.token_id)
    assert (event.client_id, event.source, event.request_id) == ("partner", "192.0.2.7", "request-1")
    assert event.detail == {"audience": "https://hdc.example", "scope": "customer:match"}
    assert issued.token not in repr(event)
    assert issued.token not in repr(issued)


async def test_no_event_no_token(
    client: Client, issue: IssueToken, broken_units: Units, origin: Origin
) -> None:
    with pytest.raises(StorageUnavailable):
        await replace(issue, units=broken_units)(client, None, (), origin)


@pytest.mark.parametrize(("purpose", "life"), [(Purpose.TREAT, 300), (Purpose.ETREAT, 120)])
@pytest.mark.parametrize("actor", [None, "hdc"])
async def test_a_customer_bound_token_names_partner_customer_domains_and_purpose(
    purpose: Purpose,
    life: int,
    actor: str | None,
    client: Client,
    grant: GrantRecords,
    verifier: TokenVerifier,
    where: Audiences,
    clock: Clock,
    origin: Origin,
) -> None:
    now = clock.now()
    own = Claims("token-id-1", "partner", where.issuer, client.scopes, now, now + timedelta(seconds=9), actor)
    access = AccessRequest((Domain.MEDICAL, Domain.ELDER_CARE), purpose, "unconscious")
    permit = Permit((), "p-1", frozenset({Sensitivity.PSYCHIATRIC}), frozenset({RecordKind.CARE_PLAN}))
    token = grant(Caller(client, own, origin), Customer("C0000000000000000A"), access, permit)
    claims = verifier.verify(token.token, frozenset({where.records}), now)
    assert claims == token.claims
    assert token.expires_in == life
    assert (claims.client_id, claims.actor) == ("partner", actor)
    assert claims.scopes == {Scope.RECORDS_MEDICAL, Scope.RECORDS_ELDER_CARE}
    assert claims.grant is not None
    assert (claims.grant.customer_id, claims.grant.domains) == ("C0000000000000000A", access.domains)
    assert claims.grant.purpose is purpose
