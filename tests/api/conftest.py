"""The real application over ASGI, on a migrated database of each kind."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.adapters.crypto.key_file import generate_keys
from app.api.app import build_app
from app.api.container import Services
from app.bootstrap.lifespan import lifespan_of
from app.core.access.scope import Domain, Scope
from app.services.manage_clients import NewClient
from app.settings import read_settings
from tests.people import OUYANG, WANG


@dataclass(frozen=True, repr=False)  # asyncio asks for one at each fixture
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
        auditor = f"auditor-{uuid4().hex}"
        headers = await self.bearer(auditor, Scope.AUDIT_READ)
        answer = await self.http.get("/v1/audit/events", params={"limit": "1000", **query}, headers=headers)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@pytest.fixture(scope="session")
def application() -> FastAPI:
    """The application; each test opens it on services of its own. Its routes take a while to build."""
    return build_app()


@pytest.fixture
def person() -> dict[str, str]:
    return dict(WANG)


@pytest.fixture
def policy() -> str:
    """The policy set in force; a test overrides it by a parameter of its own."""
    return "default"


@pytest.fixture
async def center(
    application: FastAPI, database_url: str, tmp_path: Path, policy: str
) -> AsyncIterator[Center]:
    environment = {
        "CDC_DATABASE_URL": database_url,
        "CDC_DATA_DIR": str(tmp_path),
        "CDC_KEYS": json.dumps(generate_keys()),
        "CDC_HDC_URL": "http://127.0.0.1:9",
        "CDC_POLICY": policy,
        "CDC_SEAL_SECONDS": "1",
    }
    async with lifespan_of(read_settings(environment))(application):
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as http:
            yield Center(http, application.state.services)


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


STEWARD = (
    Scope.CUSTOMER_STEWARD,
    Scope.CUSTOMER_READ,
    Scope.CUSTOMER_REGISTER,
    Scope.CUSTOMER_MATCH,
    Scope.CHANGES_READ,
)


@dataclass
class Desk:
    """A steward at work."""

    http: Any
    headers: dict[str, str]

    async def post(self, url: str, status: int = 200, /, **body: Any) -> Any:
        answer = await self.http.post(url, json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, url: str, expected: int = 200, /, **query: Any) -> Any:
        answer = await self.http.get(url, params=query, headers=self.headers)
        assert answer.status_code == expected, answer.text
        return answer.json() if answer.content else answer

    async def merge(self, survivor: str, retired: str, status: int = 201) -> Any:
        body = {"survivor_id": survivor, "retired_id": retired, "reason": "the same person"}
        return await self.post("/v1/merges", status, **body)

    async def undo(self, merge: Any, status: int = 200) -> Any:
        return await self.post(f"/v1/merges/{merge['merge_id']}/undo", status, reason="two people")

    async def records(self, customer: str) -> set[str]:
        found = (await self.get(f"/v1/customers/{customer}"))["cross_references"]
        return {reference["local_id"] for reference in found}

    async def changes(self) -> list[tuple[str, str, str | None]]:
        items = (await self.get("/v1/changes"))["items"]
        return [(c["kind"], c["customer_id"], c["other_id"]) for c in items]


@pytest.fixture
async def desk(center: Any) -> Desk:
    return Desk(center.http, await center.bearer("steward", *STEWARD))


@pytest.fixture
async def pair(register: Callable[..., Awaitable[str]], person: Any) -> tuple[str, str]:
    """Two customers."""
    return await register("medical", "P1", person), await register("medical", "P2", OUYANG)


@pytest.fixture
def other() -> dict[str, str]:
    return dict(OUYANG)
