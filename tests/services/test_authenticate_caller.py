from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.access.audience import Audiences
from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.scope import Scope
from app.core.audit.event import Event
from app.services.access_ports import TokenSigner, TokenVerifier
from app.services.authenticate_caller import AuthenticateCaller
from app.services.context import Caller, Origin
from app.services.errors import InsufficientScope, NotAuthenticated
from app.services.failure_tally import FailureTally
from app.services.issue_token import IssueToken
from app.services.issued_token import IssuedToken
from app.services.manage_clients import ManageClients
from app.services.ports import Clock, StorageUnavailable, Units
from app.services.revoke_token import RevokeToken
from app.services.verified_tokens import VerifiedTokens

Events = Callable[[], Awaitable[list[Event]]]
PassTime = Callable[[float], None]
Ask = Callable[..., Awaitable[Caller]]
LastFailure = Callable[[], Awaitable[tuple[tuple[str, ...], str | None]]]


@pytest.fixture
async def client(register: Callable[..., Awaitable[Client]]) -> Client:
    return await register("partner", Scope.CUSTOMER_MATCH, Scope.CUSTOMER_READ)


@pytest.fixture
async def issued(client: Client, issue: IssueToken, origin: Origin) -> IssuedToken:
    return await issue(client, None, (), origin)


@pytest.fixture
def api(where: Audiences) -> frozenset[str]:
    return frozenset({where.issuer})


@pytest.fixture
def ask(authenticate_caller: AuthenticateCaller, api: frozenset[str], origin: Origin) -> Ask:
    """A request to the API with a token, and the scopes it needs."""
    return lambda token, *scopes: authenticate_caller(token, origin, api, *scopes)


@pytest.fixture
def last_failure(tally: FailureTally, events: Events) -> LastFailure:
    """Why the last request was refused, as the log has it, and whose it was."""

    async def read() -> tuple[tuple[str, ...], str | None]:
        await tally.flush()
        failure = (await events())[-1]
        return failure.reasons, failure.client_id

    return read


async def test_a_good_token_is_its_client(
    issued: IssuedToken,
    client: Client,
    ask: Ask,
    origin: Origin,
) -> None:
    for _ in range(2):
        caller = await ask(issued.token, Scope.CUSTOMER_MATCH)
        assert (caller.client, caller.claims, caller.origin) == (client, issued.claims, origin)


async def test_no_token_is_no_caller(
    ask: Ask,
    last_failure: LastFailure,
) -> None:
    with pytest.raises(NotAuthenticated):
        await ask(None)
    assert await last_failure() == (("no_token",), None)


async def test_a_token_for_another_place_is_refused_also_when_it_is_remembered(
    issued: IssuedToken,
    authenticate_caller: AuthenticateCaller,
    ask: Ask,
    where: Audiences,
    origin: Origin,
    last_failure: LastFailure,
) -> None:
    await ask(issued.token)
    with pytest.raises(NotAuthenticated):
        await authenticate_caller(issued.token, origin, frozenset({where.records}))
    assert await last_failure() == (("wrong_audience",), "partner")


async def test_a_missing_scope_is_a_denial_on_record(
    issued: IssuedToken,
    ask: Ask,
    events: Events,
) -> None:
    with pytest.raises(InsufficientScope) as refused:
        await ask(issued.token, Scope.AUDIT_READ)
    assert refused.value.scope == "audit:read"
    denial = (await events())[-1]
    assert (denial.outcome, denial.reasons, denial.client_id) == ("deny", ("insufficient_scope",), "partner")


async def test_a_remembered_token_expires_in_its_second(
    issued: IssuedToken,
    ask: Ask,
    pass_time: PassTime,
) -> None:
    pass_time(898)
    await ask(issued.token)
    pass_time(1.5)
    await ask(issued.token)
    pass_time(0.5)
    with pytest.raises(NotAuthenticated):
        await ask(issued.token)


async def test_a_suspension_here_ends_tokens_at_once_and_activation_revives_none(
    issued: IssuedToken,
    client: Client,
    issue: IssueToken,
    manage: ManageClients,
    ask: Ask,
    origin: Origin,
    last_failure: LastFailure,
) -> None:
    await ask(issued.token)
    await manage.suspend("partner", None)
    with pytest.raises(NotAuthenticated):
        await ask(issued.token)
    assert await last_failure() == (("client_suspended",), "partner")
    active = await manage.activate("partner", None)
    with pytest.raises(NotAuthenticated):
        await ask(issued.token)
    assert await last_failure() == (("before_watermark",), "partner")
    # In the very second of the watermark a new token is good.
    renewed = await issue(active, None, (), origin)
    assert await ask(renewed.token)


async def test_a_suspension_elsewhere_ends_tokens_within_five_seconds(
    issued: IssuedToken,
    ask: Ask,
    manage: ManageClients,
    pass_time: PassTime,
) -> None:
    await ask(issued.token)
    elsewhere = replace(manage, verified=VerifiedTokens())
    await elsewhere.suspend("partner", None)
    pass_time(5)
    with pytest.raises(NotAuthenticated):
        await ask(issued.token)


async def test_a_revoked_token_ends_at_once_here(
    issued: IssuedToken,
    client: Client,
    ask: Ask,
    revoke: RevokeToken,
    origin: Origin,
    last_failure: LastFailure,
) -> None:
    await ask(issued.token)
    await revoke(client, issued.token, origin)
    with pytest.raises(NotAuthenticated):
        await ask(issued.token)
    assert await last_failure() == (("revoked",), "partner")


async def test_a_token_in_the_name_of_a_client_that_is_not_there(
    signer: TokenSigner,
    clock: Clock,
    where: Audiences,
    ask: Ask,
    last_failure: LastFailure,
) -> None:
    now = clock.now()
    scopes = frozenset({Scope.CUSTOMER_MATCH})
    claims = Claims("token-id-1", "ghost", where.issuer, scopes, now, now + timedelta(seconds=60))
    with pytest.raises(NotAuthenticated):
        await ask(signer.sign(claims))
    assert await last_failure() == (("unknown_client",), None)


async def test_without_a_store_nobody_is_let_in(
    issued: IssuedToken,
    authenticate_caller: AuthenticateCaller,
    api: frozenset[str],
    origin: Origin,
    broken_units: Units,
) -> None:
    with pytest.raises(StorageUnavailable):
        await replace(authenticate_caller, units=broken_units)(issued.token, origin, api)


def test_only_so_many_tokens_are_remembered(
    monkeypatch: pytest.MonkeyPatch, verified: VerifiedTokens, clock: Clock, verifier: TokenVerifier
) -> None:
    from app.services import verified_tokens as module

    monkeypatch.setattr(module, "MOST", 2)
    now = clock.now()
    claims = Claims("token-id-1", "a", "x", frozenset(), now, now + timedelta(seconds=60))
    client = Client("a", frozenset(), None, None, None, True, now)
    for token in ("first", "second", "third"):
        verified.remember(token, module.VerifiedToken(claims, client, now))
    assert verified.find("first", now) is None
    assert verified.find("third", now) is not None
