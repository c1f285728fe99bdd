"""Where a request came from, and what is not an address here."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.health_data_center.asgi import create_app


@pytest.fixture
def asked_from(settings: Any) -> Callable[[str], Any]:
    """A look-up without a token, from a host as a proxy named it."""

    async def ask(host: str) -> int:
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, client=(host, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://hdc.test") as client:
                answer = await client.get("/v1/customers/CA/records/medical")
        return answer.status_code

    return ask


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%" + "z" * 100, "fe80::1"),
        ("x" * 100, None),
        ("unix:", None),
    ],
)
async def test_the_source_is_an_address_or_nothing(
    asked_from: Any, rows: Any, host: str, source: str | None
) -> None:
    assert await asked_from(host) == 401
    assert [event["source"] for event in await rows("SELECT source FROM access_events")] == [source]


async def test_a_slash_too_many_is_not_found(hdc: Any) -> None:
    answer = await hdc.get("/healthz/", headers={"Host": "elsewhere.test"})
    assert answer.status_code == 404
    assert "location" not in answer.headers
