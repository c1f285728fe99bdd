"""Signing in and out: passwords, lock-out, sessions, forms."""

from datetime import timedelta
from typing import Any

import pytest

from app.core.access.roles import Role
from app.services.errors import AlreadyExists, InvalidRequest
from tests.console.conftest import PASSWORD, SIGN_IN

JAR = {"domain": "testserver.local", "path": "/"}
"""Where the client keeps the cookies of `http://testserver`."""


async def test_a_one_time_password_lets_in_once_and_is_to_be_replaced(site: Any) -> None:
    made = await site.accounts.create("li.wei", Role.AUDITOR)
    browser = site.browser()
    first = await browser.sign_in("li.wei", made.password)
    assert first.headers["location"] == "/console/password"
    elsewhere = await browser.get("/overview", 303)
    assert elsewhere.headers["location"] == "/console/password"
    page = await browser.get("/password")
    assert "Current password" not in page.text
    changed = await browser.post("/password", new=PASSWORD, again=PASSWORD)
    assert changed.headers["location"] == "/console/overview"
    await browser.get("/overview")
    other = site.browser()
    await other.sign_in("li.wei", made.password, 401)
    await other.sign_in("li.wei", PASSWORD)
    log = [(e.kind, e.outcome, e.actor, e.reasons) for e in await site.events()]
    assert log == [
        ("console_sign_in", "ok", "li.wei", ()),
        ("console_sign_in", "refused", "li.wei", ("bad_password",)),
        ("audit_read", "ok", "li.wei", ()),  # the overview shows alerts
        ("console_sign_in", "ok", "li.wei", ()),
        ("account", "password_changed", "li.wei", ()),
        ("console_sign_in", "ok", "li.wei", ()),
        ("account", "created", None, ()),
        ("policy", "in_force", None, ()),
    ]


async def test_a_one_time_password_expires(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.manage_accounts.ONE_TIME_PASSWORD", timedelta(0))
    made = await site.accounts.create("li.wei", Role.AUDITOR)
    await site.browser().sign_in("li.wei", made.password, 401)
    (event, *_) = await site.events()
    assert event.reasons == ("one_time_password_expired",)


async def test_unknown_names_and_wrong_passwords_look_alike(site: Any) -> None:
    name = await site.account(Role.AUDITOR)
    unknown = await site.browser().sign_in("nobody", "x" * 20, 401)
    wrong = await site.browser().sign_in(name, "x" * 20, 401)
    assert unknown.text == wrong.text.replace(name, "nobody")
    assert "set-cookie" not in wrong.headers
    for odd in ("", "NOBODY", "a b", "\x00", "x" * 300, "李伟"):
        await site.browser().sign_in(odd, "y" * 20, 401)


async def test_after_five_failures_even_the_right_password_waits(site: Any) -> None:
    name = await site.account(Role.AUDITOR)
    for _ in range(5):
        await site.browser().sign_in(name, "wrong password", 401)
    locked = await site.browser().sign_in(name, PASSWORD, 401)
    assert "wait up to 15 minutes" in locked.text
    await site.services.authenticate_caller.tally.flush()
    (event,) = await site.events(kind="authentication")
    assert event.reasons == ("account_locked",)
    made = await site.accounts.reset(name)
    await site.browser().sign_in(name, made.password)


async def test_attempts_side_by_side_are_no_more_than_the_rule_allows(site: Any) -> None:
    import asyncio

    name = await site.account(Role.AUDITOR)
    await asyncio.gather(*(site.browser().sign_in(name, "wrong password", 401) for _ in range(12)))
    looked_at = [e for e in await site.events() if e.reasons == ("bad_password",)]
    assert len(looked_at) == 5


async def test_a_sign_in_makes_a_new_session_and_ends_the_one_before(site: Any) -> None:
    name = await site.account(Role.AUDITOR)
    browser = site.browser()
    browser.http.cookies.set("cdc_session", "planted", **JAR)
    answer = await browser.sign_in(name, PASSWORD)
    first = answer.cookies["cdc_session"]
    assert first != "planted"
    browser.http.cookies.clear()
    browser.http.cookies.set("cdc_session", first, **JAR)
    await browser.sign_in(name, PASSWORD)
    assert first not in list(browser.http.cookies.values())
    browser.http.cookies.clear()
    browser.http.cookies.set("cdc_session", first, **JAR)
    assert (await browser.get("/overview", 303)).headers["location"].startswith(SIGN_IN)


async def test_signing_out_ends_the_session_on_the_server(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    secret = browser.http.cookies["cdc_session"]
    await browser.post("/sign-out")
    assert "cdc_session" not in browser.http.cookies
    browser.http.cookies.set("cdc_session", secret, **JAR)
    await browser.get("/overview", 303)
    assert (await site.events())[0].kind == "console_sign_out"


async def test_a_session_ends_when_nobody_is_there(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.visitor(Role.AUDITOR)
    now = site.console.services.sessions.clock.now()
    for minutes, status in ((14, 200), (28, 200), (43, 303)):
        later = now + timedelta(minutes=minutes, seconds=1)
        monkeypatch.setattr("app.adapters.clock.SystemClock.now", lambda _, later=later: later)
        answer = await browser.get("/overview", status)
    assert answer.headers["location"].startswith(SIGN_IN)


async def test_a_session_ends_after_eight_hours_of_work(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = await site.visitor(Role.AUDITOR)
    now = site.console.services.sessions.clock.now()
    for step in range(1, 50):
        later = now + timedelta(minutes=10 * step)
        monkeypatch.setattr("app.adapters.clock.SystemClock.now", lambda _, later=later: later)
        answer = await browser.get("/overview", 200 if step < 48 else 303)
    assert answer.headers["location"].startswith(SIGN_IN)


async def test_a_disabled_account_is_out_at_once(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    await site.accounts.set_active("the-auditor", False)
    assert (await browser.get("/overview", 303)).headers["location"].startswith(SIGN_IN)
    await site.browser().sign_in("the-auditor", PASSWORD, 401)
    await site.accounts.set_active("the-auditor", True)
    again = await site.browser().sign_in("the-auditor", PASSWORD)
    assert again.headers["location"] == "/console/overview"


@pytest.mark.parametrize(
    ("new", "again", "current", "said"),
    [
        ("tiny one", "tiny one", PASSWORD, "shorter than 12"),
        ("x" * 129, "x" * 129, PASSWORD, "longer than 128"),
        ("aaaaaaaaaaaa", "aaaaaaaaaaaa", PASSWORD, "too simple"),
        ("the-auditor rules", "the-auditor rules", PASSWORD, "too simple"),
        ("a quite new one", "a quite new two", PASSWORD, "not the same"),
        ("a quite new one", "a quite new one", "wrong password", "current password is wrong"),
        (PASSWORD, PASSWORD, PASSWORD, "must be another"),
    ],
)
async def test_a_bad_new_password_is_refused(
    site: Any, new: str, again: str, current: str, said: str
) -> None:
    browser = await site.visitor(Role.AUDITOR)
    page = await browser.post("/password", 422, new=new, again=again, current=current)
    assert said in page.text
    assert new not in page.text
    await site.browser().sign_in("the-auditor", PASSWORD)


async def test_a_new_password_ends_every_other_session(site: Any) -> None:
    here, there = await site.visitor(Role.AUDITOR), await site.visitor(Role.AUDITOR)
    await here.post("/password", current=PASSWORD, new="a quite new one", again="a quite new one")
    assert "/console/sign-out" in (await here.get("/overview")).text
    assert (await there.get("/overview", 303)).headers["location"].startswith(SIGN_IN)


async def test_a_form_from_elsewhere_is_not_taken(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    http, token = browser.http, browser.token
    ours = {"Origin": "http://testserver"}
    for headers, given in (
        ({}, token),
        ({"Origin": "http://evil.example"}, token),
        ({"Origin": "null"}, token),
        ({"Sec-Fetch-Site": "cross-site"}, token),
        (ours, ""),
        (ours, "0" * 64),
        (ours, "\u00e9"),
    ):
        answer = await http.post("/console/sign-out", data={"token": given}, headers=headers)
        assert answer.status_code == 403
    await browser.get("/overview")
    for headers in ({}, {"Origin": "http://evil.example"}):
        answer = await http.post("/console/sign-in", data={}, headers=headers)
        assert answer.status_code == 403
    answer = await http.post(
        "/console/sign-out", data={"token": token}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 303


async def test_the_token_of_one_session_is_none_of_another(site: Any) -> None:
    here, there = await site.visitor(Role.AUDITOR), await site.visitor(Role.AUDITOR)
    here.token = there.token
    assert "It was not sent by a page of this session" in (await here.post("/sign-out", 403)).text


async def test_somebody_who_is_not_signed_in_is_led_to_the_form_and_back(site: Any) -> None:
    name = await site.account(Role.AUDITOR)
    browser = site.browser()
    away = await browser.get("/overview?a=b", 303)
    assert away.headers["location"] == "/console/sign-in?next=%2Fconsole%2Foverview%3Fa%3Db"
    back = await browser.post("/sign-in", name=name, password=PASSWORD, next="/console/overview?a=b")
    assert back.headers["location"] == "/console/overview?a=b"
    part = await site.browser().get("/overview", 204, **{"HX-Request": "true"})
    assert part.headers["hx-redirect"] == "/console/sign-in"


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example/", "//evil.example", "/v1/clients", "/console/\r\nX: y", "/console/..//x"],
)
async def test_nobody_is_led_elsewhere(site: Any, onward: str) -> None:
    name = await site.account(Role.AUDITOR)
    answer = await site.browser().post("/sign-in", name=name, password=PASSWORD, next=onward)
    assert answer.headers["location"] == "/console/overview"


async def test_over_tls_the_cookie_is_bound_to_the_host(site: Any) -> None:
    from dataclasses import replace

    site.console.services = replace(site.console.services, public_url="https://cdc.example")
    made = await site.accounts.create("li.wei", Role.AUDITOR)
    answer = await site.browser(host="https://cdc.example").sign_in("li.wei", made.password)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-cdc_session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_accounts_have_names_of_their_own(site: Any) -> None:
    await site.accounts.create("li.wei", Role.AUDITOR)
    with pytest.raises(AlreadyExists):
        await site.accounts.create("li.wei", Role.STEWARD)
    for name in ("", "Li", "li wei", "-li", "l" * 65, "oidc:li"):
        with pytest.raises(InvalidRequest):
            await site.accounts.create(name, Role.STEWARD)
    assert [a.name for a in await site.accounts.list()] == ["li.wei"]
