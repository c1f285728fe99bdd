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
from app.services.authenticate_caller import AuthenticateCaller
from app.services.context import Origin
from app.services.errors import NotAuthenticated
from app.services.exchange_token import ACCESS_TOKEN_TYPE, ExchangeToken, TokenExchange
from app.services.grant_records import GrantRecords
from app.services.introspect_token import IntrospectToken
from app.services.issue_token import IssueToken
from app.services.ports import StorageUnavailable, Units
from app.services.revoke_token import RevokeToken

Events = Callable[[], Awaitable[list[Event]]]
Register = Callable[..., Awaitable[Client]]


@pytest.fixture
async def partner(register: Register) -> Client:
    return await register("partner", Scope.CUSTOMER_MATCH)


async def _is_revoked(units: Units, token_id: str) -> bool:
    async with units() as unit:
        return await unit.revocations.revoked(token_id)


async def test_a_client_ends_its_own_token_once(
    partner: Client, issue: IssueToken, revoke: RevokeToken, units: Units, events: Events, origin: Origin
) -> None:
    issued = await issue(partner, None, (), origin)
    await revoke(partner, issued.token, origin)
    await revoke(partner, issued.token, origin)
    assert await _is_revoked(units, issued.claims.token_id)
    revocations = [event for event in await events() if event.kind is Kind.REVOCATION]
    assert [(event.outcome, event.token_id) for event in revocations] == [("revoked", issued.claims.token_id)]


async def test_another_clients_token_lives_on(
    partner: Client,
    register: Register,
    issue: IssueToken,
    revoke: RevokeToken,
    units: Units,
    events: Events,
    origin: Origin,
) -> None:
    issued = await issue(partner, None, (), origin)
    other = await register("other", Scope.CUSTOMER_MATCH)
    with pytest.raises(OAuthRefusal) as refused:
        await revoke(other, issued.token, origin)
    assert refused.value.error is OAuthError.UNAUTHORIZED_CLIENT
    assert not await _is_revoked(units, issued.claims.token_id)
    event = (await events())[-1]
    assert (event.kind, event.outcome, event.client_id) == (Kind.REVOCATION, "refused", "other")


async def test_an_exchanged_token_is_ended_by_either_party(
    partner: Client,
    register: Register,
    issue: IssueToken,
    exchange: ExchangeToken,
    revoke: RevokeToken,
    units: Units,
    origin: Origin,
) -> None:
    hdc = await register("hdc", Scope.TOKEN_EXCHANGE)
    subject = await issue(partner, None, ("https://hdc.example",), origin)
    for party in (partner, hdc):
        exchanged = await exchange(hdc, TokenExchange(subject.token, ACCESS_TOKEN_TYPE), origin)
        await revoke(party, exchanged.token, origin)
        assert await _is_revoked(units, exchanged.claims.token_id)


async def test_what_was_obtained_with_a_token_ends_with_it(
    partner: Client,
    register: Register,
    issue: IssueToken,
    exchange: ExchangeToken,
    grant: GrantRecords,
    introspect: IntrospectToken,
    revoke: RevokeToken,
    authenticate_caller: AuthenticateCaller,
    where: Audiences,
    units: Units,
    origin: Origin,
) -> None:
    """Whoever loses a token and revokes it has not lost what the finder made of it in the meantime."""
    hdc = await register("hdc", Scope.TOKEN_EXCHANGE, Scope.TOKEN_INTROSPECT)
    async with units() as unit:
        unit.index.add_customers(["C0000000000000000A"], introspect.clock.now())
        await unit.commit()
    access = AccessRequest((Domain.MEDICAL,), Purpose.TREAT)
    for ended in (0, 1):
        subject = await issue(partner, None, ("https://hdc.example",), origin)
        exchanged = await exchange(hdc, TokenExchange(subject.token, ACCESS_TOKEN_TYPE), origin)
        caller = await authenticate_caller(exchanged.token, origin, frozenset({where.issuer}))
        bound = grant(caller, Customer("C0000000000000000A"), access, Permit((), "p-1"))
        await authenticate_caller(bound.token, origin, frozenset({where.records}))
        line = [subject, exchanged, bound]
        await revoke(partner, line[ended].token, origin)
        living = [await introspect(hdc, issued.token, origin) is not None for issued in line]
        assert living == [position < ended for position in range(3)]
        with pytest.raises(NotAuthenticated):  # nor is it remembered
            await authenticate_caller(bound.token, origin, frozenset({where.records}))


async def test_what_is_no_living_token_needs_nothing(
    partner: Client,
    issue: IssueToken,
    revoke: RevokeToken,
    pass_time: Callable[[float], None],
    events: Events,
    origin: Origin,
) -> None:
    expired = (await issue(partner, None, (), origin)).token
    pass_time(900)
    before = await events()
    for token in (expired, "", "x", "a.b.c"):
        await revoke(partner, token, origin)
    assert await events() == before


async def test_rows_of_expired_tokens_go(
    partner: Client,
    issue: IssueToken,
    revoke: RevokeToken,
    pass_time: Callable[[float], None],
    units: Units,
    origin: Origin,
) -> None:
    old = await issue(partner, None, (), origin)
    await revoke(partner, old.token, origin)
    pass_time(901 + 298)
    still = await issue(partner, None, (), origin)
    await revoke(partner, still.token, origin)
    # What was obtained with the token in its last second may live for 300 seconds more.
    assert await _is_revoked(units, old.claims.token_id)
    pass_time(1)
    new = await issue(partner, None, (), origin)
    await revoke(partner, new.token, origin)
    assert not await _is_revoked(units, old.claims.token_id)
    assert await _is_revoked(units, new.claims.token_id)


async def test_no_event_no_revocation(
    partner: Client,
    issue: IssueToken,
    revoke: RevokeToken,
    deaf_units: Units,
    units: Units,
    origin: Origin,
) -> None:
    issued = await issue(partner, None, (), origin)
    with pytest.raises(StorageUnavailable):
        await replace(revoke, units=deaf_units)(partner, issued.token, origin)
    assert not await _is_revoked(units, issued.claims.token_id)
