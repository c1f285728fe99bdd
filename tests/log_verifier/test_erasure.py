"""A customer is erased: what the log stated of them is gone, and every proof still holds."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api.app import build_app
from app.bootstrap.lifespan import lifespan_of
from app.core.access.scope import Domain, Scope
from app.services.manage_clients import NewClient
from app.settings import read_settings

PERSON = {
    "name": "王丽华",
    "gender": "female",
    "birth_date": "1980-02-29",
    "id_type": "resident_id_card",
    "id_number": "110101198002290026",
}
STATED = "Found unconscious at the west gate"
EMERGENCY = {"domains": ["medical"], "purpose": "ETREAT", "reason": STATED}
CLIENTS = {
    "source": (Scope.CUSTOMER_REGISTER,),
    "home": (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL),
    "desk": (Scope.DATA_ERASE,),
    "officer": (Scope.DATA_ERASE,),
    "auditor": (Scope.AUDIT_READ,),
}


class Center:
    """A service that runs; what it leaves is sealed when it ends."""

    def __init__(self, http: httpx.AsyncClient, secrets: dict[str, str]) -> None:
        self._http = http
        self._secrets = secrets

    async def __call__(self, client_id: str, method: str, url: str, **body: Any) -> Any:
        form = {"grant_type": "client_credentials"}
        token = await self._http.post("/oauth2/token", data=form, auth=(client_id, self._secrets[client_id]))
        headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
        answer = await self._http.request(method, url, json=body or None, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()


@asynccontextmanager
async def center(secrets: dict[str, str]) -> AsyncIterator[Center]:
    app = build_app(lifespan_of(read_settings()))
    async with app.router.lifespan_context(app):
        for client_id, scopes in CLIENTS.items():
            if client_id not in secrets:
                new = NewClient(client_id, frozenset(scopes), Domain.ELDER_CARE, "all", None)
                made = await app.state.services.manage_clients.create(new, None)
                secrets[client_id] = made.secret
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
            yield Center(http, secrets)


async def looked_at(secrets: dict[str, str]) -> str:
    """Somebody is looked up in an emergency, with a written reason; their customer ID."""
    async with center(secrets) as ask:
        url = "/v1/sources/medical/customers/P1"
        registered = await ask("source", "PUT", url, **PERSON)
        matched = await ask("home", "POST", "/v1/match", **PERSON, access=EMERGENCY)
        assert matched["access"]["decision"] == "permit"
        customer_id: str = registered["customer_id"]
        assert STATED in await statements(ask, customer_id)
    return customer_id


async def erased(secrets: dict[str, str], customer_id: str) -> None:
    async with center(secrets) as ask:
        url = f"/v1/customers/{customer_id}/erasures"
        asked = await ask("desk", "POST", url, basis="consent_withdrawn")
        await ask("officer", "POST", f"/v1/erasures/{asked['erasure_id']}/confirm")
        assert await statements(ask, customer_id) == set()


async def statements(ask: Center, customer_id: str) -> set[str]:
    page = await ask("auditor", "GET", f"/v1/audit/events?customer_id={customer_id}&limit=1000")
    assert {event["kind"] for event in page["items"]} >= {"register", "match", "access"}
    return {event["statement"] for event in page["items"]} - {None}


def leaves(export: Path) -> list[Any]:
    records = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    return [record for record in records if "hash" in record]


@pytest.fixture
def place(installation: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("CDC_HDC_URL", "http://127.0.0.1:9")
    return installation


def test_after_an_erasure_the_proofs_hold_and_what_was_stated_is_gone(place: Any) -> None:
    secrets: dict[str, str] = {}
    customer_id = asyncio.run(looked_at(secrets))
    kept = place.folder / "kept.txt"
    kept.write_text((place.folder / "checkpoint").read_text("utf-8"), encoding="utf-8")
    before = place.export("before.ndjson")

    asyncio.run(erased(secrets, customer_id))
    after = place.export("after.ndjson")

    assert place.run("verify").exit_code == 0
    for export in (before, after):
        result = place.verify(export, "--key", place.key(), "--checkpoint", kept)
        assert result.exit_code == 0, result.output
    old, new = leaves(before), leaves(after)
    assert new[: len(old)] == old, "an erasure changes no event: it takes the key away"
    about = [leaf["event"] for leaf in new if leaf["event"].get("customer_id") == customer_id]
    assert {"erasure", "access"} <= {event["kind"] for event in about}
    assert any("statement" in event for event in about), "the sealed bytes stay, as they were proved"
    for export in (before, after):
        text = export.read_text("utf-8")
        assert STATED not in text
        assert not any(value in text for value in (PERSON["name"], PERSON["id_number"]))
