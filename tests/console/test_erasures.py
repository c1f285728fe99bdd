"""Erasures at the console: one person asks, another confirms."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core.access.claims import Claims
from app.core.access.client import Client
from app.core.access.roles import Role
from app.core.access.scope import Scope
from app.core.audit.event import Kind
from app.core.identity.elements import GivenElements
from app.core.index.erasure import Basis
from app.services.context import Caller, Origin

WANG = GivenElements("王丽华", "female", "1980-02-29", "resident_id_card", "110101198002290026")
FORM = {"basis": "consent_withdrawn", "reference": "DSR-2026-0117"}


@pytest.fixture
async def wang(site: Any) -> str:
    await site.register("his", "H-1", WANG)
    customer_id: str = await site.register("care", "C-1", WANG)
    return customer_id


async def officers(site: Any) -> tuple[Any, Any]:
    """Two security officers, each at a browser."""
    name = await site.account(Role.SECURITY_OFFICER, "zhao.min")
    other = site.browser()
    await other.sign_in(name, "correct horse battery")
    await other.get("/erasures")
    return await site.visitor(Role.SECURITY_OFFICER), other


def path_of(answer: Any) -> str:
    location: str = answer.headers["location"]
    return location.removeprefix("/console")


async def test_one_officer_asks_and_another_confirms(site: Any, wang: str) -> None:
    one, other = await officers(site)
    assert "No requests yet" in (await one.get("/erasures")).text
    asked = path_of(await one.post("/erasures", customer_id=wang, **FORM))
    page = (await one.get(asked)).text
    assert "who did not ask for it has to confirm" in page
    assert "/confirmation" not in page
    counts = dict(re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+) <span", page))
    assert (counts["Source records"], counts["Customers&#39; keys"], counts["Reviews"]) == ("2", "1", "0")
    refused = await one.post(f"{asked}/confirmation", 403, customer_id=wang)
    assert "Somebody else has to confirm" in refused.text
    await other.get(asked)
    await other.post(f"{asked}/confirmation", 422, customer_id=wang[:-1])
    await other.post(f"{asked}/confirmation", customer_id=f" {wang} ")
    done = (await other.get(asked)).text
    assert "the-security_officer" in done
    assert "zhao.min" in done
    assert "/confirmation" not in done
    await other.post(f"{asked}/confirmation", 409, customer_id=wang)
    assert ">erased<" in (await one.get("/erasures")).text
    steward = await site.visitor(Role.STEWARD)
    await steward.get(f"/customers/{wang}", 410)
    said = [
        (e.outcome, e.actor)
        for e in await site.events(kind=Kind.ERASURE)
        if e.outcome not in ("read", "listed")
    ]
    assert said == [
        ("erased", "zhao.min"),
        ("deny", "the-security_officer"),
        ("requested", "the-security_officer"),
    ]


async def test_a_steward_asks_and_cannot_confirm(site: Any, wang: str) -> None:
    steward = await site.visitor(Role.STEWARD)
    await steward.get(f"/customers/{wang}")
    asked = path_of(await steward.post(f"/customers/{wang}/erasure", **FORM))
    page = (await steward.get(asked)).text
    assert "DSR-2026-0117" in page
    assert "/confirmation" not in page
    await steward.get("/erasures", 403)
    await steward.post("/erasures", 403, customer_id=wang, **FORM)
    await steward.post(f"{asked}/confirmation", 403, customer_id=wang)
    await steward.get(f"/customers/{wang}")
    officer = await site.visitor(Role.SECURITY_OFFICER)
    assert wang in (await officer.get("/erasures")).text
    await officer.get(asked)
    await officer.post(f"{asked}/confirmation", customer_id=wang)
    await steward.get(f"/customers/{wang}", 410)


async def test_what_a_client_asks_for_a_person_confirms(site: Any, wang: str) -> None:
    """Even one whose account is named like the client: they are two."""
    name, now = "privacy-desk", datetime.now(UTC)
    client = Client(name, frozenset({Scope.DATA_ERASE}), None, None, None, True, now)
    caller = Caller(client, Claims("t", name, "a", client.scopes, now, now + timedelta(minutes=5)), Origin())
    erasing = site.services.erasures.of_customer
    erasure, _ = await erasing.request(wang, Basis.OTHER_LAW, None, caller)
    officer = site.browser()
    await officer.sign_in(await site.account(Role.SECURITY_OFFICER, name), "correct horse battery")
    path = f"/erasures/{erasure.erasure_id}"
    await officer.get(path)
    await officer.post(f"{path}/confirmation", customer_id=wang)
    done, _ = await erasing.read(erasure.erasure_id, caller)
    assert (done.requested_by, done.confirmed_by) == ("privacy-desk", "console:privacy-desk")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
async def test_other_roles_are_refused(site: Any, wang: str, role: Role) -> None:
    browser = await site.visitor(role)
    one = f"/erasures/{UUID(int=1)}"
    for page in ("/erasures", one):
        await browser.get(page, 403)
    for action in ("/erasures", f"/customers/{wang}/erasure", f"{one}/confirmation"):
        await browser.post(action, 403, customer_id=wang, **FORM)
    assert await site.events(kind=Kind.ERASURE) == []


async def test_forms_of_other_sites_change_nothing(site: Any, wang: str) -> None:
    for role, action in ((Role.SECURITY_OFFICER, "/erasures"), (Role.STEWARD, f"/customers/{wang}/erasure")):
        browser = await site.visitor(role)
        browser.token = "0" * 64
        await browser.post(action, 403, customer_id=wang, **FORM)
    assert await site.events(kind=Kind.ERASURE, outcome="requested") == []


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"basis": "because"}, 422),
        ({"reference": "王丽华"}, 422),
        ({"reference": "x" * 65}, 422),
        ({"customer_id": "nobody"}, 404),
    ],
)
async def test_what_cannot_be_used_is_refused(
    site: Any, wang: str, changed: dict[str, str], status: int
) -> None:
    browser = await site.visitor(Role.SECURITY_OFFICER)
    await browser.get("/erasures")
    page = await browser.post("/erasures", status, **{"customer_id": wang, **FORM, **changed})
    assert "王丽华" not in page.text
    await browser.get("/erasures/nonsense", 404)
    await browser.get(f"/erasures/{UUID(int=1)}", 404)


async def test_nobody_confirms_after_seven_days(
    site: Any, wang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = await officers(site)
    asked = path_of(await one.post("/erasures", customer_id=wang, **FORM))
    later = site.console.services.sessions.clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr("app.adapters.clock.SystemClock.now", lambda _: later)
    late = await site.visitor(Role.SECURITY_OFFICER)
    assert ">expired<" in (await late.get("/erasures")).text
    assert "Nobody confirmed it" in (await late.get(asked)).text
    await late.post(f"{asked}/confirmation", 409, customer_id=wang)


async def test_requests_stand_on_several_pages(site: Any, wang: str) -> None:
    browser = await site.visitor(Role.SECURITY_OFFICER, language="zh")
    await browser.get("/erasures")
    for number in range(52):
        await browser.post("/erasures", customer_id=wang, basis="other_law", reference=f"A-{number}")
    page = (await browser.get("/erasures")).text
    further = re.search(r'rel="next" href="/console([^"]+)"', page)
    assert further
    assert re.findall(r"A-\d+", (await browser.get(further[1])).text) == ["A-1", "A-0"]
    assert "清除申请" in page


@pytest.mark.parametrize("role", [Role.STEWARD, Role.AUDITOR, Role.SECURITY_OFFICER])
@pytest.mark.parametrize(
    ("language", "said"), [("zh", "个人信息查阅记录"), ("en", "Who looked at this person")]
)
async def test_who_looked_is_told_in_the_persons_language(
    site: Any, wang: str, role: Role, language: str, said: str
) -> None:
    browser = await site.visitor(role)
    page = await browser.get(f"/customers/{wang}/access-report?language={language}")
    assert said in page.text
    assert "style-src 'sha256-" in page.headers["content-security-policy"]
    (event,) = await site.events(kind=Kind.REPORT)
    assert (event.customer_id, event.purpose, event.client_id) == (wang, "PATRQT", "console")


async def test_who_looked_is_not_told_to_who_grants(site: Any, wang: str) -> None:
    browser = await site.visitor(Role.ADMINISTRATOR)
    await browser.get(f"/customers/{wang}/access-report", 403)
    assert await site.events(kind=Kind.REPORT) == []
