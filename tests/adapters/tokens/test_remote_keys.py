"""Fetching what clients publish: what is asked, how often, and what is not."""

import json
import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.adapters.tokens.remote_keys import LARGEST, RemoteKeySets
from app.core.access.client_keys import ClientKeys

URI = "http://127.0.0.1:9/jwks"
KEYS = ClientKeys(uri=URI)


def jwk(kid: str) -> dict[str, str]:
    x, y = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
    return {"kty": "EC", "crv": "P-256", "kid": kid, "x": x, "y": y}


class Partner:
    """A partner's web server, and a clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.asked = 0
        self.answer: Callable[[], httpx.Response] = lambda: self.published("a")
        self.sets = RemoteKeySets(
            httpx.AsyncClient(transport=httpx.MockTransport(self._handle)), lambda: self.now
        )

    def _handle(self, _: httpx.Request) -> httpx.Response:
        self.asked += 1
        return self.answer()

    @staticmethod
    def published(*kids: str) -> httpx.Response:
        return httpx.Response(200, json={"keys": [jwk(kid) for kid in kids]})

    async def kids(self, kid: str | None = None, keys: ClientKeys = KEYS) -> list[str | None]:
        return [key.kid for key in await self.sets.keys(keys, kid)]


@pytest.fixture
def partner() -> Partner:
    return Partner()


async def test_a_set_is_fetched_once_and_anew_when_it_is_old(partner: Partner) -> None:
    assert [await partner.kids("a") for _ in range(3)] == [["a"]] * 3
    assert partner.asked == 1
    partner.now += 300
    partner.answer = lambda: partner.published("b")
    assert await partner.kids("a") == ["b"]


async def test_an_unknown_key_is_asked_for_at_a_limited_rate(partner: Partner) -> None:
    await partner.kids("a")
    partner.answer = lambda: partner.published("a", "b")
    assert await partner.kids("b") == ["a"]  # asked a moment ago
    partner.now += 10
    assert await partner.kids("b") == ["a", "b"]
    for _ in range(5):
        await partner.kids("c")
    assert partner.asked == 2


BAD: list[Callable[[], httpx.Response]] = [
    lambda: httpx.Response(500),
    lambda: httpx.Response(302, headers={"Location": "http://127.0.0.1:9/elsewhere"}),
    lambda: httpx.Response(200, text="no JSON"),
    lambda: httpx.Response(200, json={"keys": "none"}),
    lambda: httpx.Response(200, content=b"[" * 50_000),
    lambda: httpx.Response(200, content=json.dumps({"keys": [jwk("a")], "x": "x" * LARGEST}).encode()),
]


@pytest.mark.parametrize("bad", BAD)
async def test_without_a_usable_answer_there_are_no_keys(
    partner: Partner, bad: Callable[[], httpx.Response]
) -> None:
    partner.answer = bad
    assert await partner.kids("a") == []
    assert partner.asked == 1  # a redirect is not followed


async def test_known_keys_outlive_a_short_failure_of_their_server(partner: Partner) -> None:
    await partner.kids("a")

    def away() -> httpx.Response:
        raise httpx.ConnectError("away")

    partner.answer = away
    partner.now += 400
    assert await partner.kids("a") == ["a"]
    partner.now += 200
    assert await partner.kids("a") == []


async def test_a_name_that_leads_inside_is_not_asked(
    partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    for address in ("127.0.0.1", "169.254.169.254", "::1"):

        async def resolved(*_: Any, address: str = address, **__: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolved, raising=False)
        assert (
            await partner.kids("a", ClientKeys(uri=f"https://{address.replace(':', 'x')}.example/jwks")) == []
        )
    assert partner.asked == 0


async def test_inline_keys_need_no_asking(partner: Partner) -> None:
    assert await partner.kids(None, ClientKeys()) == []
    assert partner.asked == 0
