from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from app.core.access.audience import Audiences
from app.core.access.client import Client
from app.core.access.policy import AccessRequest, Permit
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import Domain, Purpose, Scope
from app.core.audit.event import Event, Kind
from app.core.index.customer import Customer
from app.services.access_ports import TokenSigner, TokenVerifier
from app.services.authenticate_caller import AuthenticateCaller
from app.services.context import Origin
from app.services.errors import NotAuthenticated
from app.services.exchange_token import ACCESS_TOKEN_TYPE, ExchangeToken, TokenExchange
from app.services.grant_records import GrantRecords
from app.services.issue_token import IssueToken
from app.services.manage_clients import ManageClients
from app.services.ports import Clock, StorageUnavailable, Units
from app.services.revoke_token import RevokeToken

Events = Callable[[], Awaitable[list[Event]]]
Register = Callable[..., Awaitable[Client]]
HDC_URL = ("https://hdc.example",)


@pytest.fixture
async def partner(register: Register) -> Client:
    scopes = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, Scope.CUSTOMER_READ, Scope.MATCH_EXPLAIN)
    return await register("partner", *scopes, domain=Domain.MEDICAL)


@pytest.fixture
async def hdc(register: Register) -> Client:
    return await register("hdc", Scope.TOKEN_EXCHANGE, Scope.TOKEN_INTROSPECT, Scope.CUSTOMER_MATCH)


@pytest.fixture
async def subject(partner: Client, issue: IssueToken, origin: Origin) -> TokenExchange:
    token = (await issue(partner, None, HDC_URL, origin)).token
    return TokenExchange(token, ACCESS_TOKEN_TYPE)


async def _refused(
    exchange: ExchangeToken, actor: Client, asked: TokenExchange, origin: Origin, events: Events
) -> tuple[OAuthError, tuple[str, ...]]:
    with pytest.raises(OAuthRefusal) as refused:
        await exchange(actor, asked, origin)
    event = (await events())[-1]
    assert (event.kind, event.outcome, event.client_id) == (
        Kind.TOKEN_EXCHANGE,
        "refused",
        actor.client_id,
    )
    return refused.value.error, event.reasons


async def test_the_subject_stays_the_partner_with_what_makes_sense_here(
    hdc: Client,
    subject: TokenExchange,
    exchange: ExchangeToken,
    verifier: TokenVerifier,
    where: Audiences,
    clock: Clock,
    origin: Origin,
    events: Events,
) -> None:
    exchanged = await exchange(hdc, subject, origin)
    claims = verifier.verify(exchanged.token, frozenset({where.issuer}), clock.now())
    assert (claims.client_id, claims.actor) == ("partner", "hdc")
    assert claims.scopes == {Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL}
    event = (await events())[-1]
    assert (event.kind, event.outcome, event.token_id) == (
        Kind.TOKEN_EXCHANGE,
        "issued",
        claims.token_id,
    )
    assert (event.client_id, event.actor) == ("partner", "hdc")


async def test_an_exchanged_token_ends_no_later_than_its_subject(
    hdc: Client,
    subject: TokenExchange,
    exchange: ExchangeToken,
    pass_time: Callable[[float], None],
    origin: Origin,
) -> None:
    pass_time(600)
    assert (await exchange(hdc, subject, origin)).expires_in == 300


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"subject_token": None}, OAuthError.INVALID_REQUEST),
        ({"subject_token_type": None}, OAuthError.INVALID_REQUEST),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:id_token"}, OAuthError.INVALID_REQUEST),
        ({"requested_token_type": "urn:ietf:params:oauth:token-type:saml2"}, OAuthError.INVALID_REQUEST),
        ({"actor_token": "x"}, OAuthError.INVALID_REQUEST),
        ({"subject_token": "x"}, OAuthError.INVALID_REQUEST),
        ({"scope": "customer:read"}, OAuthError.INVALID_SCOPE),
        ({"scope": "records:funeral"}, OAuthError.INVALID_SCOPE),
        ({"scope": "nonsense"}, OAuthError.INVALID_SCOPE),
        ({"resources": HDC_URL}, OAuthError.INVALID_TARGET),
        ({"audiences": ("https://elsewhere.example",)}, OAuthError.INVALID_TARGET),
    ],
)
async def test_what_is_asked_for_is_checked(
    changed: dict[str, object],
    error: OAuthError,
    hdc: Client,
    subject: TokenExchange,
    exchange: ExchangeToken,
    origin: Origin,
    events: Events,
) -> None:
    asked = replace(subject, **changed)  # type: ignore[arg-type]
    assert (await _refused(exchange, hdc, asked, origin, events))[0] is error


async def test_scope_and_target_may_be_named(
    hdc: Client, subject: TokenExchange, exchange: ExchangeToken, origin: Origin
) -> None:
    asked = replace(
        subject,
        scope="customer:match",
        requested_token_type=ACCESS_TOKEN_TYPE,
        resources=("https://cdc.example/",),
        audiences=("https://cdc.example",),
    )
    assert (await exchange(hdc, asked, origin)).claims.scopes == {Scope.CUSTOMER_MATCH}


async def test_a_token_for_us_is_not_for_the_health_data_center(
    hdc: Client,
    partner: Client,
    issue: IssueToken,
    exchange: ExchangeToken,
    origin: Origin,
    events: Events,
) -> None:
    token = (await issue(partner, None, (), origin)).token
    asked = TokenExchange(token, ACCESS_TOKEN_TYPE)
    assert await _refused(exchange, hdc, asked, origin, events) == (
        OAuthError.INVALID_REQUEST,
        ("invalid_request", "wrong_audience"),
    )


async def test_the_health_data_center_cannot_speak_for_itself(
    hdc: Client, issue: IssueToken, exchange: ExchangeToken, origin: Origin, events: Events
) -> None:
    own = TokenExchange((await issue(hdc, None, HDC_URL, origin)).token, ACCESS_TOKEN_TYPE)
    assert (await _refused(exchange, hdc, own, origin, events))[1] == ("invalid_request", "subject_is_actor")


async def test_nothing_is_exchanged_twice(
    hdc: Client,
    subject: TokenExchange,
    exchange: ExchangeToken,
    signer: TokenSigner,
    where: Audiences,
    origin: Origin,
    events: Events,
) -> None:
    exchanged = await exchange(hdc, subject, origin)
    again = TokenExchange(exchanged.token, ACCESS_TOKEN_TYPE)
    assert (await _refused(exchange, hdc, again, origin, events))[1] == ("invalid_request", "wrong_audience")
    # Nor one that was exchanged for the Health Data Center itself, were there such a token.
    acted = replace(exchanged.claims, audience=where.health_data_center)
    again = TokenExchange(signer.sign(acted), ACCESS_TOKEN_TYPE)
    assert (await _refused(exchange, hdc, again, origin, events))[1][1] == "exchanged_already"


async def test_a_customer_bound_token_is_not_exchanged(
    hdc: Client,
    partner: Client,
    issue: IssueToken,
    exchange: ExchangeToken,
    grant: GrantRecords,
    authenticate_caller: AuthenticateCaller,
    where: Audiences,
    origin: Origin,
    events: Events,
) -> None:
    own = await issue(partner, None, (), origin)
    caller = await authenticate_caller(own.token, origin, frozenset({where.issuer}))
    bound = grant(
        caller,
        Customer("C0000000000000000A"),
        AccessRequest((Domain.MEDICAL,), Purpose.TREAT),
        Permit((), "p-1"),
    )
    asked = TokenExchange(bound.token, ACCESS_TOKEN_TYPE)
    assert (await _refused(exchange, hdc, asked, origin, events))[1][1] == "wrong_audience"


async def test_a_client_without_the_scope_cannot_exchange(
    register: Register, subject: TokenExchange, exchange: ExchangeToken, origin: Origin, events: Events
) -> None:
    plain = await register("plain", Scope.CUSTOMER_MATCH)
    refused = await _refused(exchange, plain, subject, origin, events)
    assert refused[0] is OAuthError.UNAUTHORIZED_CLIENT


async def test_a_dead_subject_is_not_exchanged(
    hdc: Client,
    partner: Client,
    subject: TokenExchange,
    exchange: ExchangeToken,
    revoke: RevokeToken,
    manage: ManageClients,
    issue: IssueToken,
    pass_time: Callable[[float], None],
    origin: Origin,
    events: Events,
) -> None:
    assert subject.subject_token is not None
    await revoke(partner, subject.subject_token, origin)
    assert (await _refused(exchange, hdc, subject, origin, events))[1][1] == "revoked"
    other = TokenExchange((await issue(partner, None, HDC_URL, origin)).token, ACCESS_TOKEN_TYPE)
    await manage.suspend("partner", None)
    assert (await _refused(exchange, hdc, other, origin, events))[1][1] == "client_suspended"
    pass_time(900)
    assert (await _refused(exchange, hdc, other, origin, events))[1][1] == "expired"


async def test_the_health_data_centers_suspension_ends_what_it_exchanged(
    hdc: Client,
    subject: TokenExchange,
    exchange: ExchangeToken,
    authenticate_caller: AuthenticateCaller,
    manage: ManageClients,
    where: Audiences,
    origin: Origin,
) -> None:
    exchanged = await exchange(hdc, subject, origin)
    here = frozenset({where.issuer})
    assert (await authenticate_caller(exchanged.token, origin, here)).claims.actor == "hdc"
    await manage.suspend("hdc", None)
    with pytest.raises(NotAuthenticated):
        await authenticate_caller(exchanged.token, origin, here)
    await manage.activate("hdc", None)
    with pytest.raises(NotAuthenticated):
        await authenticate_caller(exchanged.token, origin, here)


async def test_no_event_no_token(
    hdc: Client, subject: TokenExchange, exchange: ExchangeToken, deaf_units: Units, origin: Origin
) -> None:
    with pytest.raises(StorageUnavailable):
        await replace(exchange, units=deaf_units)(hdc, subject, origin)
