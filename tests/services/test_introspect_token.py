from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from app.core.access.client import Client
from app.core.access.policy import AccessRequest, Permit
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import Domain, Purpose, Scope
from app.core.audit.event import Event
from app.core.index.customer import Customer
from app.services.context import Caller, Origin
from app.services.grant_records import GrantRecords
from app.services.introspect_token import IntrospectToken
from app.services.issue_token import IssueToken
from app.services.manage_clients import ManageClients
from app.services.ports import StorageUnavailable, Units
from app.services.revoke_token import RevokeToken

Register = Callable[..., Awaitable[Client]]


@pytest.fixture
async def partner(register: Register) -> Client:
    return await register("partner", Scope.CUSTOMER_MATCH)


@pytest.fixture
async def hdc(register: Register) -> Client:
    return await register("hdc", Scope.TOKEN_INTROSPECT)


async def test_tokens_of_all_three_audiences_are_told(
    partner: Client,
    hdc: Client,
    issue: IssueToken,
    grant: GrantRecords,
    introspect: IntrospectToken,
    origin: Origin,
) -> None:
    ours = await issue(partner, None, (), origin)
    theirs = await issue(partner, None, ("https://hdc.example",), origin)
    access = AccessRequest((Domain.MEDICAL,), Purpose.TREAT)
    async with introspect.units() as unit:
        unit.index.add_customers(["C0000000000000000A"], introspect.clock.now())
        await unit.commit()
    bound = grant(
        Caller(partner, ours.claims, origin), Customer("C0000000000000000A"), access, Permit((), "p-1")
    )
    for issued in (ours, theirs, bound):
        assert await introspect(hdc, issued.token, origin) == issued.claims


async def test_a_token_that_does_not_live_is_nothing(
    partner: Client,
    hdc: Client,
    issue: IssueToken,
    introspect: IntrospectToken,
    revoke: RevokeToken,
    manage: ManageClients,
    pass_time: Callable[[float], None],
    origin: Origin,
) -> None:
    revoked, suspended = [(await issue(partner, None, (), origin)).token for _ in range(2)]
    await revoke(partner, revoked, origin)
    assert await introspect(hdc, revoked, origin) is None
    assert await introspect(hdc, suspended, origin) is not None
    await manage.suspend("partner", None)
    assert await introspect(hdc, suspended, origin) is None
    active = await manage.activate("partner", None)
    assert await introspect(hdc, suspended, origin) is None
    expired = (await issue(active, None, (), origin)).token
    pass_time(901)
    for token in (expired, "", "x", "a.b.c"):
        assert await introspect(hdc, token, origin) is None


async def test_a_client_that_is_no_resource_server_is_refused_on_record(
    partner: Client,
    issue: IssueToken,
    introspect: IntrospectToken,
    origin: Origin,
    events: Callable[[], Awaitable[list[Event]]],
) -> None:
    token = (await issue(partner, None, (), origin)).token
    with pytest.raises(OAuthRefusal) as refused:
        await introspect(partner, token, origin)
    assert refused.value.error is OAuthError.INSUFFICIENT_SCOPE
    event = (await events())[-1]
    assert (event.outcome, event.reasons) == ("refused", ("insufficient_scope",))
    assert event.detail == {"endpoint": "introspect"}


async def test_a_broken_store_is_not_an_inactive_token(
    partner: Client,
    hdc: Client,
    issue: IssueToken,
    introspect: IntrospectToken,
    broken_units: Units,
    origin: Origin,
) -> None:
    token = (await issue(partner, None, (), origin)).token
    with pytest.raises(StorageUnavailable):
        await replace(introspect, units=broken_units)(hdc, token, origin)
