"""What every answer has, whatever the route."""

import logging

import httpx
import pytest

from app.api.app import build_app


async def ask(method: str, path: str) -> httpx.Response:
    """One request to an application without services; `/broken` fails inside."""
    app = build_app()

    @app.get("/broken")
    async def broken() -> None:
        raise LookupError("王丽华")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://cdc.test") as http:
        return await http.request(method, path, headers={"X-Request-ID": "r-1"})


async def test_a_failure_inside_is_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await ask("GET", "/broken")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert (answer.json()["code"], answer.headers["x-request-id"]) == ("internal_error", "r-1")
    assert "LookupError in request r-1 at " in caplog.text
    assert "王丽华" not in caplog.text + answer.text


async def test_no_answer_is_for_caches_unless_it_says_so() -> None:
    assert (await ask("GET", "/healthz")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/clients", "GET, POST"),
        ("/v1/sources/medical/customers/P1", "DELETE, GET, PUT"),
        ("/v1/match", "POST"),
    ],
)
async def test_405_names_every_method_of_the_address(path: str, allowed: str) -> None:
    answer = await ask("PATCH", path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == allowed
