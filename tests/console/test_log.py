"""The access log at the console."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.console.catalogue import messages
from app.core.access.roles import Role
from app.core.access.scope import Scope
from app.core.audit.event import Event, Kind
from app.services.manage_clients import NewClient
from tests.console.conftest import NOTHING_HERE


async def note(site: Any, **facts: Any) -> Event:
    """An event as the API leaves it."""
    sessions = site.console.services.sessions
    given = {"kind": Kind.ACCESS, "outcome": "deny", "client_id": "hospital", **facts}
    event = Event(event_id=sessions.ids.uuid(), at=sessions.clock.now(), **given)
    async with site.units() as unit:
        unit.events.append(event)
        await unit.commit()
    return event


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_OFFICER])
async def test_the_log_says_who_did_what_and_why_in_both_languages(site: Any, role: Role) -> None:
    event = await note(site, reasons=("match_not_certain",), customer_id="C1", request_id="r-1")
    await note(site, kind=Kind.MATCH, outcome="no_match", request_id="r-1")
    for language, why, what in (
        ("en", "the match was not certain", "Access decision"),
        ("zh", "匹配不确定", "授权决定"),
    ):
        browser = await site.visitor(role, language=language)
        page = (await browser.get("/log")).text
        assert why in page
        detail = (await browser.get(f"/log/{event.event_id}")).text
        assert what in detail
        assert "timeline" in detail
    read = [e for e in await site.events(kind="audit_read") if e.detail.get("event_id")]
    assert {e.detail["event_id"] for e in read} == {str(event.event_id)}


@pytest.mark.parametrize("role", [Role.STEWARD, Role.ADMINISTRATOR])
async def test_other_roles_are_refused_and_that_is_on_record(site: Any, role: Role) -> None:
    browser = await site.visitor(role)
    assert "Access log" not in (await browser.get("/overview")).text.split("<main")[0]
    for path in ("/log", "/log/follow", "/log/export", "/log/clients/hospital", f"/log/{uuid4()}"):
        page = await browser.get(path, 403)
        assert "Your role does not open this page" in page.text
    assert len(await site.events(outcome="deny", client_id="console")) == 5


async def test_filters_stand_in_the_address_and_combine(site: Any) -> None:
    await note(site, customer_id="C1", purpose="TREAT", domains=("medical",), reasons=("low_score",))
    await note(site, customer_id="C2", client_id="funeral", outcome="permit")
    browser = await site.visitor(Role.AUDITOR)
    for query, found in (
        ("customer_id=C1", 1),
        ("client_id=funeral&outcome=permit", 1),
        ("client_id=funeral&customer_id=C1", 0),
        ("purpose=TREAT&domain=medical&reason=low_score", 1),
        ("from=2020-01-01T00:00&kind=access", 2),
        ("to=2020-01-01T00:00", 0),
    ):
        page = (await browser.get(f"/log?{query}")).text
        assert len(re.findall(r'id="e-', page)) == found, query
    assert "Nothing is found with these filters" in page


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "customer_id=%00", "from=yesterday", "reason=<b>", "purpose=FUN", "domain=x"]
)
async def test_a_filter_that_cannot_be_read_is_named(site: Any, query: str) -> None:
    browser = await site.visitor(Role.AUDITOR)
    page = (await browser.get(f"/log?{query}")).text
    assert "cannot be read" in page
    assert "<b>" not in page


async def test_pages_follow_each_other_without_gap_or_repeat(site: Any) -> None:
    noted = [await note(site, customer_id="C1") for _ in range(120)]
    browser = await site.visitor(Role.AUDITOR)
    seen: list[str] = []
    path = "/log?customer_id=C1"
    while path:
        page = (await browser.get(path)).text
        seen += re.findall(r'id="e-([0-9a-f-]+)"', page)
        older = re.search(r'rel="next" href="/console([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
        assert ("data-follow" in page) == (len(seen) == 50)
    assert seen == [str(event.event_id) for event in reversed(noted)]


async def test_following_shows_news_and_is_silent_without(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    page = (await browser.get("/log")).text
    path = re.search(r'hx-get="/console([^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
    before = len(await site.events())
    await browser.get(path, 204, **{"HX-Request": "true"})
    assert len(await site.events()) == before
    await note(site, customer_id="C7")
    part = await browser.get(path, **{"HX-Request": "true"})
    assert part.text.startswith('<div id="events"')
    assert "C7" in part.text
    assert (await site.events())[0].detail == {"what": "follow"}
    again = re.search(r'hx-get="/console([^"]+)"', part.text)[1].replace("&amp;", "&")  # type: ignore[index]
    await browser.get(again, 204, **{"HX-Request": "true"})


async def test_following_keeps_no_session_alive(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.visitor(Role.AUDITOR)
    now = site.console.services.sessions.clock.now()
    for minutes, status in ((10, 200), (14, 200), (16, 204)):
        later = now + timedelta(minutes=minutes)
        monkeypatch.setattr("app.adapters.clock.SystemClock.now", lambda _, later=later: later)
        answer = await browser.get("/log/follow", status, **{"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/console/sign-in"


async def test_what_somebody_wrote_is_shown_when_asked_for_and_that_is_an_event(site: Any) -> None:
    event = await note(site, statement="Found unconscious at the west gate", customer_id="C1")
    browser = await site.visitor(Role.AUDITOR)
    for path in ("/log", f"/log/{event.event_id}", "/log/export", "/log/export?format=csv"):
        assert "unconscious" not in (await browser.get(path)).text
    await browser.get(f"/log/{event.event_id}")
    shown = await browser.post(f"/log/{event.event_id}", 200)
    assert "unconscious" in shown.text
    (disclosure,) = await site.events(kind="disclosure")
    assert (disclosure.actor, disclosure.customer_id) == ("the-auditor", "C1")
    silent = await note(site)
    await browser.post(f"/log/{silent.event_id}", 404)


async def test_the_proof_is_shown_and_checked(site: Any, seal: Any) -> None:
    event = await note(site)
    browser = await site.visitor(Role.AUDITOR)
    assert "Not sealed yet" in (await browser.get(f"/log/{event.event_id}")).text
    await seal()
    page = (await browser.get(f"/log/{event.event_id}")).text
    assert "byte for byte" in page
    assert "Canonical bytes" in page


async def test_an_event_that_is_not_there_is_404(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    for event_id in (uuid4(), "nonsense", "0" * 32, "f" * 32):
        assert NOTHING_HERE in (await browser.get(f"/log/{event_id}", 404)).text


async def test_the_export_holds_what_the_filters_find(site: Any) -> None:
    await note(site, customer_id="C1")
    await note(site, customer_id="C2")
    browser = await site.visitor(Role.AUDITOR)
    lines = (await browser.get("/log/export?customer_id=C1&kind=access")).text.splitlines()
    assert len(lines) == 1
    table = await browser.get("/log/export?format=csv&customer_id=C1&kind=access")
    assert len(table.text.splitlines()) == 2
    assert "attachment" in table.headers["content-disposition"]


@pytest.mark.parametrize(("language", "words"), [("en", "What hospital did"), ("zh", "hospital 的使用情况")])
async def test_what_a_partner_did_is_one_click_away(site: Any, language: str, words: str) -> None:
    await site.services.manage_clients.create(NewClient("hospital", frozenset({Scope.CUSTOMER_MATCH})), None)
    event = await note(site, customer_id="C1", reasons=("scope_missing",), domains=("medical",))
    browser = await site.visitor(Role.AUDITOR, language=language)
    for page in (f"/log/{event.event_id}", "/log?client_id=hospital"):
        assert 'href="/console/log/clients/hospital"' in (await browser.get(page)).text
    assert words in (await browser.get("/log/clients/hospital")).text
    await browser.get("/log/clients/nobody", 404)


async def test_an_empty_log_says_so(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    assert "No events" in (await browser.get("/log?customer_id=nobody")).text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_event_has_a_name_and_a_plain_sentence(language: str) -> None:
    known = messages(language)
    assert [kind for kind in Kind if not {f"kind.{kind}", f"sentence.{kind}"} <= known.keys()] == []


async def test_an_event_is_told_in_a_sentence(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR, language="zh")
    await browser.get("/log")
    read = (await site.events(kind=Kind.AUDIT_READ))[0]
    assert "the-auditor 查阅了访问日志。" in (await browser.get(f"/log/{read.event_id}")).text
