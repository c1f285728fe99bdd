"""The first page."""

from typing import Any

import pytest

from app.core.access.roles import Role
from app.core.audit.alert import Alert, Severity
from app.services.seal_log import SealLog


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_who_works_here_sees_the_figures(site: Any, role: Role) -> None:
    for language, title in (("en", "Overview"), ("zh", "总览")):
        browser = await site.visitor(role, language=language)
        for window in ("hour", "day", "week", "month", "never", ""):
            page = await browser.get(f"/overview?window={window}")
            assert f"<h1>{title}</h1>" in page.text
    read = [e.detail for e in await site.events() if e.kind == "audit_read"]
    assert all(detail == {"what": "alerts"} for detail in read)
    assert bool(read) == (role in (Role.AUDITOR, Role.SECURITY_OFFICER))


async def test_what_happened_is_in_the_figures(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    await site.browser().sign_in("the-auditor", "wrong password", 401)
    page = await browser.get("/overview?window=hour")
    assert "<dt>Refused</dt><dd>1</dd>" in page.text
    assert "· refused: 1</title>" in page.text


async def test_before_the_first_seal_there_is_nothing_to_check(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    assert "Nothing is sealed yet" in (await browser.get("/overview")).text
    await browser.post("/overview/check", 404)


async def test_a_sound_log_is_found_sound_and_a_damaged_one_damaged(site: Any, seal: SealLog) -> None:
    browser = await site.visitor(Role.AUDITOR)
    await seal()
    assert "Nobody has checked" in (await browser.get("/overview")).text
    await browser.post("/overview/check")
    page = (await browser.get("/overview")).text
    assert "notice good" in page
    assert "has the root that was signed" in page
    (event,) = await site.events(kind="log_check")
    assert (event.outcome, event.actor) == ("ok", "the-auditor")
    await _forge(site)
    await browser.post("/overview/check")
    assert "is NOT what was signed" in (await browser.get("/overview")).text
    assert (await site.events(kind="log_check"))[0].outcome == "damaged"


async def test_only_who_reads_the_log_checks_it(site: Any, seal: SealLog) -> None:
    browser = await site.visitor(Role.ADMINISTRATOR)
    await seal()
    assert "Check now" not in (await browser.get("/overview")).text
    await browser.post("/overview/check", 403)
    (event,) = await site.events(outcome="deny")
    assert (event.actor, event.reasons) == ("the-administrator", ("insufficient_scope",))


async def _forge(site: Any) -> None:
    """Whoever owns the file can switch its triggers off."""
    import sqlite3
    from urllib.parse import urlsplit

    path = urlsplit(site.database_url).path
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE audit_events SET outcome = 'refused' WHERE kind = 'account'")
    connection.close()


async def test_alerts_stand_there_until_somebody_has_looked(site: Any) -> None:
    sessions = site.console.services.sessions
    alert = Alert(
        alert_id=sessions.ids.uuid(),
        at=sessions.clock.now(),
        rule="emergency_access",
        severity=Severity.CRITICAL,
        count=3,
        window_seconds=900,
        client_id="hospital",
    )
    async with site.units() as unit:
        unit.alerts.add(alert)
        await unit.commit()
    administrator = await site.visitor(Role.ADMINISTRATOR)
    assert "Emergency access" not in (await administrator.get("/overview")).text
    await administrator.post(f"/alerts/{alert.alert_id}", 403)
    browser = await site.visitor(Role.SECURITY_OFFICER)
    assert "Emergency access: 3 within 15 min" in (await browser.get("/overview")).text
    await browser.post(f"/alerts/{alert.alert_id}")
    assert "Emergency access" not in (await browser.get("/overview")).text
    await browser.post("/alerts/nonsense", 404)
    (event,) = await site.events(kind="alert")
    assert (event.outcome, event.actor) == ("acknowledged", "the-security_officer")
