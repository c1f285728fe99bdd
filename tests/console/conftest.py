"""The real application with its console, on a migrated database, and browsers to visit it."""

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.adapters.crypto.checkpoint_signer import NoteSigner
from app.adapters.crypto.key_file import generate_keys
from app.adapters.crypto.keys import parse_keys
from app.api.container import Services
from app.api.middleware import RequestContext
from app.bootstrap.lifespan import lifespan_of
from app.console.app import Console
from app.core.access.roles import Role
from app.core.audit.event import Event, EventFilter
from app.core.identity.elements import GivenElements
from app.core.index.customer import LocalId
from app.services.manage_accounts import ManageAccounts
from app.services.operator_log import OperatorLog
from app.services.placing import Registration
from app.services.register_customer import OPERATOR
from app.services.seal_log import SealLog
from app.settings import read_settings

PASSWORD = "correct horse battery"
NOTHING_HERE = "<h1>There is nothing here</h1>"
SIGN_IN = "/console/sign-in?next="


@dataclass
class Browser:
    """One browser: it keeps cookies, says where a form came from, and reads the form's token."""

    http: httpx.AsyncClient
    token: str = ""

    async def get(self, path: str, status: int = 200, /, **headers: str) -> httpx.Response:
        answer = await self.http.get(f"/console{path}", headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-600:])
        found = re.search(r'name="token" value="(\w+)"', answer.text)
        self.token = found[1] if found else self.token
        return answer

    async def post(self, path: str, status: int = 303, /, **form: str) -> httpx.Response:
        headers = {"Origin": str(self.http.base_url).rstrip("/")}
        data = {"token": self.token, **form}
        answer = await self.http.post(f"/console{path}", data=data, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-600:])
        return answer

    async def sign_in(self, name: str, password: str, status: int = 303, /) -> httpx.Response:
        return await self.post("/sign-in", status, name=name, password=password)


@dataclass
class Site:
    """A running CDC with its console."""

    services: Services
    console: Console
    accounts: ManageAccounts
    units: Any
    database_url: str
    browser: Callable[..., Browser]
    known: dict[str, str] = field(default_factory=dict)

    async def account(self, role: Role, name: str | None = None) -> str:
        """An account whose password is `PASSWORD`."""
        name = name or f"the-{role.value}"
        made = await self.accounts.create(name, role)
        first = self.browser()
        await first.sign_in(name, made.password)
        await first.get("/password")
        await first.post("/password", new=PASSWORD, again=PASSWORD)
        return name

    async def visitor(self, role: Role, **options: Any) -> Browser:
        """A browser in which somebody of that role is signed in."""
        if role.value not in self.known:
            self.known[role.value] = await self.account(role)
        browser = self.browser(**options)
        await browser.sign_in(self.known[role.value], PASSWORD)
        await browser.get("/overview")
        return browser

    async def register(self, system: str, local_id: str, given: GivenElements, **more: Any) -> str:
        """Somebody a source system knows; the customer ID."""
        registering = self.services.register_customer
        prepared = registering.prepare(Registration(LocalId(system, local_id), given, **more))
        (done,) = await registering.batch([prepared], OPERATOR)
        customer_id: str = done.customer_id
        return customer_id

    async def events(self, **which: Any) -> list[Event]:
        """The log, newest first."""
        async with self.units() as unit:
            found: list[Event] = await unit.events.list(EventFilter(**which), None, 1000)
        return found


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    """Settings; a module may say more. The pages need no second database: the stores have tests of both."""
    return {
        "CDC_DATABASE_URL": sqlite_url,
        "CDC_KEYS": json.dumps(generate_keys()),
        "CDC_SEAL_SECONDS": "0",
        "CDC_DATA_DIR": str(tmp_path),
    }


@pytest.fixture
async def site(environment: dict[str, str]) -> AsyncIterator[Site]:
    console = Console()
    # The API's routes take a second to build, and no page needs them.
    app = FastAPI(lifespan=lifespan_of(read_settings(environment), console))
    app.add_middleware(RequestContext)
    console.mount(app)
    browsers: list[httpx.AsyncClient] = []

    def browser(language: str = "en", host: str = "http://testserver") -> Browser:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = {"Accept-Language": language}
        browsers.append(httpx.AsyncClient(transport=transport, base_url=host, headers=headers))
        return Browser(browsers[-1])

    async with app.router.lifespan_context(app):
        sign_in = console.services.sign_in
        log = OperatorLog(sign_in.units, sign_in.sessions.clock, sign_in.sessions.ids)
        accounts = ManageAccounts(sign_in.units, sign_in.passwords, log)
        url = environment["CDC_DATABASE_URL"]
        yield Site(app.state.services, console, accounts, sign_in.units, url, browser)
        for http in browsers:
            await http.aclose()


@pytest.fixture
def seal(site: Any, environment: dict[str, str]) -> SealLog:
    signer = NoteSigner(parse_keys(environment["CDC_KEYS"]).checkpoint)
    return SealLog(site.units, signer, site.console.services.sessions.clock)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the least it takes: these tests sign in a hundred times."""
    from argon2 import Parameters, Type

    cheap = Parameters(Type.ID, 19, 16, 32, 1, 8, 1)
    monkeypatch.setattr("app.adapters.crypto.passwords.RFC_9106_LOW_MEMORY", cheap)
