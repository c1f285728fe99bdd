"""A small real CDC (own key, token endpoint, introspection, match) and a center talking to it over HTTP."""

import asyncio
import base64
import json
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.engine import URL

from app.health_data_center import migrate
from app.health_data_center.asgi import create_app
from app.health_data_center.database import open_engine
from app.health_data_center.settings import Settings, load, load_storage
from tests.postgresql import Databases, aside

ISSUER = "http://cdc.test"
CENTER = "http://hdc.test"
SECRET = "s3cret with space+plus"


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class SigningKey:
    """An ES256 key of its own."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = ec.generate_private_key(ec.SECP256R1())

    def jwk(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        x, y = (b64(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.kid, "x": x, "y": y}

    def sign(self, payload: dict[str, Any] | bytes, header: dict[str, Any] | None = None) -> str:
        head = json.dumps(header or {"alg": "ES256", "typ": "at+jwt", "kid": self.kid}).encode()
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        signed = f"{b64(head)}.{b64(body)}"
        r, s = decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


@dataclass
class FakeCdc:
    """What the center needs of a CDC; `people` maps an ID number to (customer ID, decision)."""

    key: SigningKey = field(default_factory=lambda: SigningKey("k1"))
    published: list[dict[str, str]] = field(default_factory=list)
    revoked: set[str] = field(default_factory=set)
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    down: bool = False
    calls: list[str] = field(default_factory=list)
    request_ids: list[str | None] = field(default_factory=list)
    replies: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    grant: dict[str, Any] = field(default_factory=dict)
    bound: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.published.append(self.key.jwk())

    def payload(self, **claims: Any) -> dict[str, Any]:
        now = int(time.time())
        whole = {
            "iss": ISSUER,
            "aud": CENTER,
            "sub": "hospital",
            "client_id": "hospital",
            "iat": now,
            "exp": now + 300,
            "jti": secrets.token_hex(8),
            "scope": "customer:match records:write records:medical records:elder_care records:funeral",
        } | claims
        return {name: value for name, value in whole.items() if value is not ...}

    def token(self, **claims: Any) -> str:
        return self.key.sign(self.payload(**claims))

    def bound_token(self, customer_id: str, *domains: str, purpose: str = "TREAT", **claims: Any) -> str:
        details = {
            "type": "customer_records",
            "customer_id": customer_id,
            "domains": list(domains),
            "purpose": purpose,
        }
        bound = {"aud": f"{ISSUER}/records", "scope": "", "authorization_details": [details]}
        return self.token(**(bound | claims))

    def claims_of(self, token: str) -> dict[str, Any]:
        part = token.split(".")[1]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return claims

    def app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        app.get("/oauth2/jwks")(self._jwks)
        app.post("/oauth2/introspect")(self._introspect)
        app.post("/oauth2/token")(self._exchange)
        app.post("/v1/match")(self._match)
        return app

    def _note(self, request: Request) -> JSONResponse | None:
        self.calls.append(request.url.path)
        self.request_ids.append(request.headers.get("x-request-id"))
        reply = self.replies.get(request.url.path)
        return JSONResponse(reply[1], reply[0]) if reply else None

    def _is_center(self, request: Request) -> bool:
        user, _, password = base64.b64decode(request.headers["authorization"][6:]).decode().partition(":")
        return (unquote(user), unquote(password)) == ("hdc", SECRET)

    async def _jwks(self, request: Request) -> JSONResponse:
        return self._note(request) or JSONResponse({"keys": self.published})

    async def _introspect(self, request: Request) -> JSONResponse:
        form = parse_qs((await request.body()).decode())
        if (reply := self._note(request)) is not None:
            return reply
        if not self._is_center(request):
            return JSONResponse({"error": "invalid_client"}, 401)
        claims = self.claims_of(form["token"][0])
        if claims["jti"] in self.revoked:
            return JSONResponse({"active": False})
        return JSONResponse({"active": True, "jti": claims["jti"], "client_id": claims["client_id"]})

    async def _exchange(self, request: Request) -> JSONResponse:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if (reply := self._note(request)) is not None:
            return reply
        assert self._is_center(request)
        assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
        assert form["subject_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
        claims = self.claims_of(form["subject_token"])
        assert claims["aud"] == CENTER
        exchanged = self.token(
            aud=ISSUER, sub=claims["sub"], client_id=claims["client_id"], act={"sub": "hdc"}
        )
        issued = "urn:ietf:params:oauth:token-type:access_token"
        return JSONResponse({"access_token": exchanged, "issued_token_type": issued, "token_type": "Bearer"})

    async def _match(self, request: Request) -> JSONResponse:
        if (reply := self._note(request)) is not None:
            return reply
        claims = self.claims_of(request.headers["authorization"][7:])
        assert (claims["aud"], claims["act"]) == (ISSUER, {"sub": "hdc"})
        body = await request.json()
        assert body.keys() == {"name", "gender", "birth_date", "id_type", "id_number", "access"}
        customer_id, decision = self.people.get(body["id_number"], ("", "unknown"))
        if decision != "permit":
            denied = {"decision": "deny", "reasons": ["not_available"]}
            return JSONResponse({"outcome": "no_match", "customer_id": None, "access": denied})
        bound = {"sub": claims["sub"], "client_id": claims["client_id"], "act": {"sub": "hdc"}}
        grant = {"domains": body["access"]["domains"], "purpose": body["access"]["purpose"]} | self.grant
        whole = {"type": "customer_records", "customer_id": customer_id, **grant}
        token = self.token(
            **({"aud": f"{ISSUER}/records", "authorization_details": [whole]} | bound | self.bound)
        )
        access = {"decision": "permit", "reasons": [], "access_token": token, "token_type": "Bearer"}
        return JSONResponse({"outcome": "match", "customer_id": customer_id, "access": access})


class Breakable(httpx.AsyncBaseTransport):
    """The network to the CDC, which can be cut."""

    def __init__(self, cdc: FakeCdc) -> None:
        self._cdc = cdc
        self._through = httpx.ASGITransport(cdc.app())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._cdc.down:
            raise httpx.ConnectError("cut")
        return await self._through.handle_async_request(request)


class Rows(Protocol):
    async def __call__(self, statement: str) -> list[dict[str, Any]]: ...


@pytest.fixture
def cdc() -> FakeCdc:
    return FakeCdc()


@pytest.fixture
def signing_key() -> Callable[[str], SigningKey]:
    return SigningKey


def migrate_to_head(url: str) -> None:
    storage = load_storage({"HDC_DATABASE_URL": url})
    aside(lambda: asyncio.run(migrate.upgrade(storage.database_url)))


@pytest.fixture(scope="session")
def hdc_sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hdc-template") / "hdc.db"
    migrate_to_head(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def hdc_postgres_databases(postgres_server: str) -> Iterator[Databases]:
    databases = Databases(postgres_server, migrate_to_head)
    yield databases
    databases.close()


@pytest.fixture
def hdc_sqlite_url(hdc_sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copyfile(hdc_sqlite_template, tmp_path / "hdc.db")
    return f"sqlite:///{tmp_path / 'hdc.db'}"


@pytest.fixture
def hdc_postgres_url(hdc_postgres_databases: Databases) -> Iterator[str]:
    name = hdc_postgres_databases.take()
    yield hdc_postgres_databases.url(name)
    hdc_postgres_databases.give_back(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def hdc_database_url(request: pytest.FixtureRequest) -> str:
    """A database on the center's migrated schema; the test runs once on each kind."""
    kind = "hdc_sqlite_url" if request.param == "sqlite" else "hdc_postgres_url"
    url: str = request.getfixturevalue(kind)
    return url


@pytest.fixture
def settings(tmp_path: Path, hdc_database_url: str) -> Settings:
    key = b64(secrets.token_bytes(32))
    return load(
        {
            "CDC_DATA_DIR": str(tmp_path),
            "HDC_DATABASE_URL": hdc_database_url,
            "HDC_CDC_URL": ISSUER + "/",
            "HDC_PUBLIC_URL": CENTER + "/",
            "HDC_CLIENT_SECRET": SECRET,
            "HDC_FOLLOW_CHANGES": "off",
            "HDC_KEYS": json.dumps({"data": [{"id": "d1", "alg": "A256GCM", "key": key}]}),
        }
    )


@pytest.fixture
def migrated(settings: Settings) -> URL:
    return settings.storage.database_url


@pytest.fixture
async def rows(migrated: URL) -> AsyncIterator[Rows]:
    """Runs SQL beside the center."""
    engine = open_engine(migrated)

    async def run(statement: str) -> list[dict[str, Any]]:
        async with engine.begin() as connection:
            result = await connection.execute(text(statement))
            return [dict(row) for row in result.mappings()] if result.returns_rows else []

    yield run
    await engine.dispose()


@pytest.fixture
async def hdc(settings: Settings, migrated: URL, cdc: FakeCdc) -> AsyncIterator[httpx.AsyncClient]:
    """A running center, as a partner sees it."""
    app = create_app(settings, Breakable(cdc))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=CENTER) as client:
            yield client


@pytest.fixture
def encounter() -> Callable[..., dict[str, Any]]:
    """A record as a hospital posts it."""

    def make(number: int = 1, **changes: Any) -> dict[str, Any]:
        return {
            "customer_id": "CA",
            "domain": "medical",
            "kind": "encounter",
            "source_system": "his",
            "source_id": f"E{number}",
            "occurred_at": f"2026-01-{number % 28 + 1:02}T08:30:00+08:00",
            "encounter_class": "AMB",
            "facility": "第一医院",
            "department": "心内科",
        } | changes

    return make
