"""`private_key_jwt` (RFC 7521 section 4.2, RFC 7523 section 3): who is taken, and who is not."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from jose import jwk, jwt

from app.adapters.crypto.key_file import generate_key
from app.core.access.client_keys import registered_keys
from app.core.access.refusal import OAuthError, OAuthRefusal
from app.core.access.scope import Scope
from app.core.audit.event import Event
from app.services.authenticate_client import ASSERTION_TYPE, AuthenticateClient, ClientAuthentication
from app.services.context import Origin
from app.services.manage_clients import ManageClients, NewClient
from app.services.ports import Clock

Events = Callable[[], Awaitable[list[Event]]]


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@dataclass
class Partner:
    """A partner's own software, which keeps its private key."""

    key: dict[str, str]
    clock: Clock

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        claims = {"iss": "partner", "sub": "partner", "aud": "https://cdc.example", "jti": "first"}
        return {**claims, "exp": now + 60, "iat": now, **changed}

    def assertion(self, header: dict[str, Any] | None = None, **changed: Any) -> str:
        """The header as it is given: python-jose would add a `typ` of its own."""
        head = {"alg": "ES256", "kid": "p-1", **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        signed = f"{_encoded(head)}.{_encoded(self.claims(**changed))}"
        signature = jwk.construct(self.key, "ES256").sign(signed.encode())
        return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def given(assertion: str, client_id: str | None = None) -> ClientAuthentication:
    return ClientAuthentication(None, client_id, None, assertion, ASSERTION_TYPE)


def new_key() -> dict[str, str]:
    key: dict[str, str] = generate_key("signing")["jwk"]
    return key


def public(key: dict[str, str], kid: str = "p-1") -> dict[str, Any]:
    return {"keys": [{**{name: key[name] for name in ("kty", "crv", "x", "y")}, "kid": kid}]}


@pytest.fixture
async def partner(manage: ManageClients, clock: Clock) -> Partner:
    key = new_key()
    keys = registered_keys(public(key), None)
    await manage.create_with_keys(NewClient("partner", frozenset({Scope.CUSTOMER_READ})), keys, None)
    return Partner(key, clock)


async def _reason(authenticate: AuthenticateClient, with_: ClientAuthentication, events: Events) -> str:
    with pytest.raises(OAuthRefusal) as refused:
        await authenticate(with_, Origin("192.0.2.9"))
    assert refused.value.error is OAuthError.INVALID_CLIENT
    assert refused.value.description == "Client authentication failed."
    await authenticate.tally.flush()
    (reason,) = (await events())[-1].reasons
    return reason


async def test_a_signed_assertion_proves_its_client(
    partner: Partner, authenticate_client: AuthenticateClient, origin: Origin
) -> None:
    endpoint = "https://cdc.example/oauth2/token"
    for number, sent in enumerate(
        (
            given(partner.assertion()),
            given(partner.assertion(jti="2"), "partner"),
            given(partner.assertion(jti="3", aud=endpoint)),
            given(partner.assertion({"kid": None, "typ": "JWT"}, jti="4")),
            given(partner.assertion({"typ": "client-authentication+jwt"}, jti="5")),
        )
    ):
        client = await authenticate_client(sent, origin)
        assert (client.client_id, client.has_keys) == ("partner", True), number


async def test_an_assertion_is_taken_once(
    partner: Partner,
    authenticate_client: AuthenticateClient,
    pass_time: Callable[[float], None],
    events: Events,
    origin: Origin,
) -> None:
    """RFC 7523 section 3, `jti`; and what has expired leaves no row behind."""
    assertion = partner.assertion()
    await authenticate_client(given(assertion), origin)
    assert await _reason(authenticate_client, given(assertion), events) == "assertion_replayed"
    # The same ID under another signature is the same assertion.
    assert await _reason(authenticate_client, given(partner.assertion()), events) == "assertion_replayed"
    pass_time(60)
    assert await _reason(authenticate_client, given(assertion), events) == "assertion_expired"
    await authenticate_client(given(partner.assertion(jti="second")), origin)
    await authenticate_client(given(partner.assertion()), origin)


async def test_two_at_once_are_not_both_taken(
    partner: Partner, authenticate_client: AuthenticateClient, origin: Origin
) -> None:
    import asyncio

    assertion = given(partner.assertion())
    both = await asyncio.gather(
        *(authenticate_client(assertion, origin) for _ in range(4)), return_exceptions=True
    )
    assert sorted(isinstance(outcome, OAuthRefusal) for outcome in both) == [False, True, True, True]


async def test_what_proves_nothing_is_refused(
    partner: Partner, authenticate_client: AuthenticateClient, events: Events, subtests: pytest.Subtests
) -> None:
    thief = Partner(new_key(), partner.clock)
    claims = partner.claims()
    under_the_public_key = json.dumps(public(partner.key)["keys"][0])
    by_hmac = jwt.encode(claims, under_the_public_key, "HS256", {"kid": "p-1"})
    cases = {
        "bad_signature": thief.assertion(),
        "unknown_key": partner.assertion({"kid": "p-2"}),
        "wrong_algorithm": by_hmac,
        "wrong_type": partner.assertion({"typ": "at+jwt"}),
        "unexpected_header": partner.assertion({"jwk": public(thief.key)["keys"][0]}),
        "bad_assertion_subject": partner.assertion(sub="other"),
        "bad_assertion_audience": partner.assertion(aud="https://hdc.example"),
        "bad_assertion_id": partner.assertion(jti=""),
        "assertion_lives_too_long": partner.assertion(exp=claims["exp"] + 3600),
        "malformed": "a.b",
    }
    unsigned = f"{_encoded({'alg': 'none'})}.{_encoded(claims)}."
    for reason, assertion in cases.items():
        with subtests.test(reason=reason):
            assert await _reason(authenticate_client, given(assertion), events) == reason
    assert await _reason(authenticate_client, given(unsigned), events) == "wrong_algorithm"
    ours = given(partner.assertion(), "somebody-else")
    assert await _reason(authenticate_client, ours, events) == "client_id_differs"


async def test_a_client_has_one_method(
    partner: Partner,
    manage: ManageClients,
    authenticate_client: AuthenticateClient,
    events: Events,
    origin: Origin,
) -> None:
    secret = (await manage.create(NewClient("plain", frozenset({Scope.CUSTOMER_READ})), None)).secret
    by_secret = ClientAuthentication(None, "partner", secret)
    assert await _reason(authenticate_client, by_secret, events) == "wrong_method"
    for_plain = partner.assertion(iss="plain", sub="plain")
    assert await _reason(authenticate_client, given(for_plain), events) == "unknown_key"
    for sent in (
        replace(given(partner.assertion()), client_secret="x"),
        replace(given(partner.assertion()), authorization="Basic eDp4"),
        ClientAuthentication(None, None, None, partner.assertion(), None),
        ClientAuthentication(None, None, None, partner.assertion(), "urn:other"),
        ClientAuthentication("Basic eDp4", None, None, None, ASSERTION_TYPE),
    ):
        with pytest.raises(OAuthRefusal) as refused:
            await authenticate_client(sent, origin)
        assert refused.value.error is OAuthError.INVALID_REQUEST


async def test_a_suspended_or_unknown_client_proves_nothing(
    partner: Partner, manage: ManageClients, authenticate_client: AuthenticateClient, events: Events
) -> None:
    ghost = partner.assertion(iss="ghost", sub="ghost")
    assert await _reason(authenticate_client, given(ghost), events) == "unknown_key"
    await manage.suspend("partner", None)
    assert await _reason(authenticate_client, given(partner.assertion()), events) == "unknown_key"


async def test_new_keys_end_the_old_and_a_secret(
    partner: Partner,
    manage: ManageClients,
    clock: Clock,
    authenticate_client: AuthenticateClient,
    events: Events,
    origin: Origin,
) -> None:
    renewed = Partner(new_key(), clock)
    keys = registered_keys(public(renewed.key, "p-2"), None)
    await manage.replace_keys("partner", keys, None)
    event = (await events())[-1]
    assert (event.outcome, event.detail["method"]) == ("keys_replaced", "private_key_jwt")
    assert await _reason(authenticate_client, given(partner.assertion()), events) == "unknown_key"
    assert await authenticate_client(given(renewed.assertion({"kid": "p-2"})), origin)
    secret = (await manage.create(NewClient("plain", frozenset({Scope.CUSTOMER_READ})), None)).secret
    await manage.replace_keys("plain", keys, None)
    by_secret = ClientAuthentication(None, "plain", secret)
    assert await _reason(authenticate_client, by_secret, events) == "wrong_method"
