"""The real application over ASGI, on a migrated database of each kind."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.crypto.key_file import generate_keys
from app.api.app import build_app
from app.api.container import Services
from app.bootstrap import lifespan_of
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


@dataclass(frozen=True)
class Center:
    """A running CDC: its HTTP side, and its services for what HTTP does not offer."""

    http: httpx.AsyncClient
    services: Services

    async def client(
        self, client_id: str, *scopes: Scope, domain: Domain | None = None, systems: Any = "all"
    ) -> str:
        """Registers a client and returns its secret."""
        new = NewClient(client_id, frozenset(scopes), domain, systems, None)
        return (await self.services.manage_clients.create(new, None)).secret

    async def token(self, client_id: str, secret: str, **form: str) -> str:
        """A token of the client."""
        form = {"grant_type": "client_credentials", **form}
        answer = await self.http.post("/oauth2/token", data=form, auth=(client_id, secret))
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    async def bearer(self, client_id: str, *scopes: Scope, **options: Any) -> dict[str, str]:
        """Registers a client and returns the header of its token."""
        secret = await self.client(client_id, *scopes, **options)
        return {"Authorization": f"Bearer {await self.token(client_id, secret)}"}

    async def events(self, **query: str) -> list[dict[str, Any]]:
        """The access log, newest first."""
        auditor = f"auditor-{len(query)}-{abs(hash(tuple(query.items()))) % 10**9}"
        headers = await self.bearer(auditor, Scope.AUDIT_READ)
        answer = await self.http.get("/v1/audit/events", params={"limit": "1000", **query}, headers=headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@pytest.fixture
def person() -> dict[str, str]:
    return dict(PERSON)


@pytest.fixture
async def center(database_url: str, tmp_path: Path) -> AsyncIterator[Center]:
    environment = {
        "CDC_DATA_DIR": str(tmp_path),
        "CDC_DATABASE_URL": database_url,
        "CDC_KEYS": json.dumps(generate_keys()),
        "CDC_HDC_URL": "http://127.0.0.1:9",
        "CDC_SEAL_SECONDS": "1",
    }
    app = build_app(lifespan_of(read_settings(environment)))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
            yield Center(http, app.state.services)


@pytest.fixture
async def register(center: Center) -> Callable[..., Awaitable[str]]:
    """Registers a person and returns their customer ID."""
    headers = await center.bearer("registrar", Scope.CUSTOMER_REGISTER)

    async def put(system: str, local_id: str, elements: dict[str, Any], **more: Any) -> str:
        url = f"/v1/sources/{system}/customers/{local_id}"
        answer = await center.http.put(url, json={**elements, **more}, headers=headers)
        assert answer.status_code == 200, answer.text
        customer_id: str = answer.json()["customer_id"]
        return customer_id

    return put
