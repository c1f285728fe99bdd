"""Accesses in an emergency at the console: masked until asked for, judged by the security officer."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.access.emergency import EmergencyAccess
from app.core.access.roles import Role
from app.core.audit.event import Event, Kind
from tests.console.conftest import NOTHING_HERE

REASON = "昏迷送医"
NOTE = "当晚病历可证"


@pytest.fixture
async def access(site: Any) -> UUID:
    """A permit in an emergency, as a match leaves it."""
    return await permitted(site)


async def permitted(site: Any, client_id: str = "hospital") -> UUID:
    sessions = site.console.services.sessions
    event = Event(
        event_id=sessions.ids.uuid(),
        at=sessions.clock.now(),
        kind=Kind.ACCESS,
        outcome="permit",
        client_id=client_id,
        domains=("elder_care",),
        purpose="ETREAT",
        statement=REASON,
    )
    access = EmergencyAccess(
        event_id=event.event_id,
        at=event.at,
        client_id=client_id,
        customer_id="CM6SC7N75YR3HGA9TO",
        domains=event.domains,
    )
    async with site.units() as unit:
        unit.events.append(event)
        unit.emergencies.add(access)
        await unit.commit()
    return event.event_id


@pytest.mark.parametrize("role", [Role.STEWARD, Role.ADMINISTRATOR])
async def test_other_roles_are_refused(site: Any, access: UUID, role: Role) -> None:
    browser = await site.visitor(role)
    assert "/console/emergencies" not in (await browser.get("/overview")).text
    await browser.get("/emergencies", 403)
    await browser.get(f"/emergencies/{access}", 403)
    await browser.post(f"/emergencies/{access}/verdict", 403, verdict="justified", note=NOTE)


async def test_an_auditor_sees_and_does_not_judge(site: Any, access: UUID) -> None:
    browser = await site.visitor(Role.AUDITOR)
    assert "to be judged" in (await browser.get("/emergencies")).text
    page = (await browser.get(f"/emergencies/{access}")).text
    assert "The security officer decides." in page
    assert "/verdict" not in page
    await browser.post(f"/emergencies/{access}/verdict", 403, verdict="justified", note=NOTE)
    assert [e.outcome for e in await site.events(kind=Kind.EMERGENCY_REVIEW)] == []


async def test_the_officer_reads_the_reason_and_judges(site: Any, access: UUID) -> None:
    browser = await site.visitor(Role.SECURITY_OFFICER)
    assert REASON not in (await browser.get("/emergencies")).text
    assert REASON not in (await browser.get(f"/emergencies/{access}")).text
    assert await site.events(kind=Kind.DISCLOSURE) == []
    assert REASON in (await browser.post(f"/emergencies/{access}", 200)).text
    (shown,) = await site.events(kind=Kind.DISCLOSURE)
    assert (shown.actor, shown.detail["event_id"]) == ("the-security_officer", str(access))
    await browser.post(f"/emergencies/{access}/verdict", verdict="unjustified", note=NOTE)
    (event,) = await site.events(kind=Kind.EMERGENCY_REVIEW)
    assert (event.outcome, event.actor, event.statement) == ("unjustified", "the-security_officer", NOTE)
    page = (await browser.get(f"/emergencies/{access}")).text
    assert "not justified" in page
    assert NOTE not in page
    assert NOTE in (await browser.post(f"/emergencies/{access}", 200)).text
    assert "Nothing waits for a verdict" in (await browser.get("/emergencies")).text
    assert "the-security_officer" in (await browser.get("/emergencies?state=decided")).text
    await browser.post(f"/emergencies/{access}/verdict", 409, verdict="justified", note=NOTE)


@pytest.mark.parametrize("form", [{"verdict": "maybe", "note": NOTE}, {"verdict": "justified", "note": " "}])
async def test_a_verdict_needs_a_word_and_a_reason(site: Any, access: UUID, form: dict[str, str]) -> None:
    browser = await site.visitor(Role.SECURITY_OFFICER)
    await browser.post(f"/emergencies/{access}/verdict", 422, **form)
    assert await site.events(kind=Kind.EMERGENCY_REVIEW) == []


async def test_what_is_not_there_is_not_found(site: Any, access: UUID) -> None:
    browser = await site.visitor(Role.SECURITY_OFFICER)
    for path in ("/emergencies/nonsense", f"/emergencies/{uuid4()}"):
        assert NOTHING_HERE in (await browser.get(path, 404)).text
        page = await browser.post(f"{path}/verdict", 404, verdict="justified", note=NOTE)
        assert NOTHING_HERE in page.text


async def test_pages_and_partners_stand_in_the_address(
    site: Any, access: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.console.routes.emergencies.A_PAGE", 1)
    other = await permitted(site, "home")
    browser = await site.visitor(Role.AUDITOR, language="zh")
    first = (await browser.get("/emergencies")).text
    assert "急救访问" in first
    assert str(other) in first
    assert str(access) not in first
    older = re.search(r'rel="next" href="/console(/[^"]+)"', first)
    assert older is not None
    assert str(access) in (await browser.get(older[1].replace("&amp;", "&"))).text
    assert str(access) in (await browser.get("/emergencies?state=all&client_id=hospital")).text
    assert "没有待裁定的访问" in (await browser.get("/emergencies?client_id=nobody")).text
