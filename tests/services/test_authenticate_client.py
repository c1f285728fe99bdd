import base64
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import quote_plus

import pytest

from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import Scope
from app.core.audit.event import Event, Kind
from app.services.authenticate_client import AuthenticateClient, ClientAuthentication
from app.services.context import Origin
from app.services.failure_tally import FailureTally
from app.services.manage_clients import ManageClients, NewClient
from app.services.ports import StorageUnavailable, Units

Events = Callable[[], Awaitable[list[Event]]]
READ = frozenset({Scope.CUSTOMER_READ})


def _basic(client_id: str, secret: str) -> str:
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.fixture
async def secret(manage: ManageClients) -> str:
    return (await manage.create(NewClient("partner", READ), None)).secret


async def test_both_ways_of_sending_a_secret(
    secret: str, authenticate_client: AuthenticateClient, origin: Origin
) -> None:
    for given in (
        ClientAuthentication(_basic("partner", secret)),
        ClientAuthentication(_basic("partner", secret), client_id="partner"),
        ClientAuthentication(None, "partner", secret),
    ):
        assert (await authenticate_client(given, origin)).client_id == "partner"


async def test_a_way_at_a_time(secret: str, authenticate_client: AuthenticateClient, origin: Origin) -> None:
    for given in (
        ClientAuthentication(_basic("partner", secret), "partner", secret),
        ClientAuthentication(_basic("partner", secret), client_id="other"),
    ):
        with pytest.raises(OAuthRefusal) as refused:
            await authenticate_client(given, origin)
        assert refused.value.error is OAuthError.INVALID_REQUEST


@pytest.mark.parametrize(
    ("given", "reason", "client_id"),
    [
        (ClientAuthentication(), "no_credentials", None),
        (ClientAuthentication(client_id="partner"), "no_credentials", None),
        (ClientAuthentication(client_secret="x"), "no_credentials", None),
        (ClientAuthentication("Bearer x"), "malformed_credentials", None),
        (ClientAuthentication("Basic !"), "malformed_credentials", None),
        (ClientAuthentication(_basic("partner", "wrong")), "bad_secret", "partner"),
        (ClientAuthentication(_basic("partner", "")), "bad_secret", "partner"),
        (ClientAuthentication(None, "partner", "wrong"), "bad_secret", "partner"),
        (ClientAuthentication(_basic("nobody", "wrong")), "unknown_client", None),
        (ClientAuthentication(_basic("PARTNER", "wrong")), "unknown_client", None),
        (ClientAuthentication(_basic("\x00", "wrong")), "unknown_client", None),
        (ClientAuthentication(_basic("a" * 5000, "wrong")), "unknown_client", None),
        (ClientAuthentication(_basic("partner' or '1'='1", "wrong")), "unknown_client", None),
    ],
)
async def test_failures_look_alike_and_the_log_knows_better(
    given: ClientAuthentication,
    reason: str,
    client_id: str | None,
    secret: str,
    authenticate_client: AuthenticateClient,
    tally: FailureTally,
    events: Events,
    origin: Origin,
) -> None:
    with pytest.raises(OAuthRefusal) as refused:
        await authenticate_client(given, origin)
    assert refused.value.error is OAuthError.INVALID_CLIENT
    assert refused.value.description == "Client authentication failed."
    await tally.flush()
    failure = (await events())[-1]
    assert (failure.kind, failure.outcome) == (Kind.AUTHENTICATION, "refused")
    assert (failure.reasons, failure.client_id) == ((reason,), client_id)
    assert failure.source == origin.address


async def test_a_suspended_client_is_refused_like_any_other(
    secret: str,
    authenticate_client: AuthenticateClient,
    manage: ManageClients,
    tally: FailureTally,
    events: Events,
    origin: Origin,
) -> None:
    await manage.suspend("partner", None)
    with pytest.raises(OAuthRefusal) as refused:
        await authenticate_client(ClientAuthentication(None, "partner", secret), origin)
    assert refused.value.description == "Client authentication failed."
    await tally.flush()
    assert (await events())[-1].reasons == ("client_suspended",)


def test_what_was_presented_is_not_shown() -> None:
    given = ClientAuthentication("Basic hidden", "partner", "hidden")
    assert "hidden" not in repr(given)


async def test_a_good_secret_is_remembered_for_five_seconds_and_a_changed_one_not_at_all(
    secret: str,
    manage: ManageClients,
    authenticate_client: AuthenticateClient,
    broken_units: Units,
    pass_time: Callable[[float], None],
    origin: Origin,
) -> None:
    given = ClientAuthentication(None, "partner", secret)
    await authenticate_client(given, origin)
    without_store = replace(authenticate_client, units=broken_units)
    assert (await without_store(given, origin)).client_id == "partner"
    for other in (
        ClientAuthentication(None, "partner", secret + "x"),
        ClientAuthentication(None, "partner2", secret),
    ):
        with pytest.raises(StorageUnavailable):
            await without_store(other, origin)
    pass_time(5)
    with pytest.raises(StorageUnavailable):
        await without_store(given, origin)
    for change in (manage.rotate_secret, manage.suspend):
        renewed = ClientAuthentication(None, "partner", secret)
        await authenticate_client(renewed, origin)
        changed = await change("partner", None)
        with pytest.raises(OAuthRefusal):
            await authenticate_client(renewed, origin)
        secret = getattr(changed, "secret", secret)
