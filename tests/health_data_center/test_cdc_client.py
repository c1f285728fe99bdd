"""What the center makes of a network and a CDC that misbehave."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.health_data_center.cdc_client import Answer, CdcClient, CdcUnavailable

Call = Callable[[CdcClient], Awaitable[object]]


def introspect(client: CdcClient) -> Awaitable[bool]:
    return client.is_active("token", "j1", "r1")


def match(client: CdcClient) -> Awaitable[Answer]:
    return client.match({}, "token", "r1")


def client_of(*outcomes: httpx.Response | Exception) -> tuple[CdcClient, list[httpx.Request]]:
    """A client whose calls end in turn as given, and the requests it made."""
    remaining, made = list(outcomes), []

    def handle(request: httpx.Request) -> httpx.Response:
        made.append(request)
        outcome = remaining.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return CdcClient("http://cdc.test", "hdc", "s", httpx.MockTransport(handle)), made


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (httpx.ConnectError("refused"), "unreachable"),
        (httpx.ConnectTimeout("slow"), "timeout"),
        (httpx.ReadTimeout("slow"), "timeout"),
        (httpx.PoolTimeout("busy"), "timeout"),
        (httpx.Response(200, content=b"<html>"), "bad_answer"),
        (httpx.Response(200, content=b"[]"), "bad_answer"),
        (httpx.Response(200, content=b"x" * (1024 * 1024 + 1)), "too_large"),
        (httpx.Response(302, json={}, headers={"location": "http://evil.test"}), "status_302"),
        (httpx.Response(401, json={}), "own_credentials_refused"),
    ],
)
async def test_failures_have_names(outcome: httpx.Response | Exception, reason: str) -> None:
    client, made = client_of(outcome)
    with pytest.raises(CdcUnavailable) as failed:
        await introspect(client)
    assert failed.value.reason == reason
    assert len(made) == 1
    await client.close()


async def test_a_question_is_repeated_where_a_kept_connection_had_died() -> None:
    client, made = client_of(httpx.RemoteProtocolError("gone"), httpx.Response(200, json={"active": True}))
    assert await introspect(client)
    assert len(made) == 2
    await client.close()


async def test_a_question_is_repeated_only_once() -> None:
    client, made = client_of(*[httpx.ReadError("gone")] * 3)
    with pytest.raises(CdcUnavailable):
        await introspect(client)
    assert len(made) == 2
    await client.close()


async def test_a_match_is_asked_once() -> None:
    client, made = client_of(httpx.RemoteProtocolError("gone"), httpx.Response(200, json={}))
    with pytest.raises(CdcUnavailable):
        await match(client)
    assert len(made) == 1
    await client.close()


async def test_every_wait_ends() -> None:
    client, made = client_of(httpx.Response(200, json={"active": False}))
    assert not await introspect(client)
    assert all(seconds and seconds <= 5 for seconds in made[0].extensions["timeout"].values())
    await client.close()
