"""A database whose connections break again and again: no answer is without its event."""

import asyncio
import threading
import time
from typing import Any

import asyncpg
import httpx
import pytest
from jose import jwt

from tests.people import WANG

BREAK = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
SECONDS = 4.0


@pytest.fixture
def on_postgresql(postgres_url: str, centers: Any) -> Any:
    centers.environment["CDC_DATABASE_URL"] = postgres_url
    return centers


def test_an_answer_without_its_event_is_impossible(on_postgresql: Any, postgres_url: str) -> None:
    centers = on_postgresql
    partner = centers.client("partner", "customer:match", "--rate", "none")
    auditor = centers.client("auditor", "audit:read")
    centers.start("cdc")
    token = centers.token(partner)
    tokens: list[str] = []
    matches: list[str] = []
    statuses: set[int] = set()
    until = time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=ask, args=(centers, partner, token, until, tokens, matches, statuses))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    broken = asyncio.run(break_connections(postgres_url, until))
    for thread in threads:
        thread.join()
    assert broken > 5
    assert statuses <= {200, 503}
    assert tokens
    assert matches
    logged = centers.events(auditor, client_id="partner")
    issued = {e["token_id"] for e in logged if e["kind"] == "token"}
    assert {jwt.get_unverified_claims(text)["jti"] for text in tokens} <= issued
    assert set(matches) <= {e["match_id"] for e in logged if e["kind"] == "match"}
    centers.stop("cdc")
    assert centers.run("cdc", "audit", "verify", check=False).returncode == 0


def ask(
    centers: Any,
    partner: dict[str, str],
    token: str,
    until: float,
    tokens: list[str],
    matches: list[str],
    statuses: set[int],
) -> None:
    """Tokens and matches in turns; keeps those that were answered."""
    secret = (partner["client_id"], partner["client_secret"])
    headers = {"Authorization": f"Bearer {token}"}
    form = {"grant_type": "client_credentials"}
    with httpx.Client(timeout=30) as http:
        while time.monotonic() < until:
            issued = http.post(f"{centers.cdc}/oauth2/token", data=form, auth=secret)
            matched = http.post(f"{centers.cdc}/v1/match", json=WANG, headers=headers)
            statuses.update((issued.status_code, matched.status_code))
            if issued.status_code == 200:
                tokens.append(issued.json()["access_token"])
            if matched.status_code == 200:
                matches.append(matched.json()["match_id"])


async def break_connections(url: str, until: float) -> int:
    """How many connections were broken."""
    connection: Any = await asyncpg.connect(url)
    broken = 0
    try:
        while time.monotonic() < until:
            broken += len(await connection.fetch(BREAK))
            await asyncio.sleep(0.03)
    finally:
        await connection.close()
    return broken
