"""Walks through the console in a real browser: every page, as each role, in both languages, wide and narrow.

Needs Debian's chromium and `npm ci` in this folder. Any serious finding of axe, request to another host,
script error, breach of the content security policy or page that takes too long fails.
`--pictures FOLDER` writes a picture of each page.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from center import Center, account, serving
from findings import Findings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.core.access.roles import Role

PASSWORD = "a walk through every page"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
TALLEST = 1500
LOOKS: tuple[tuple[str, dict[str, int], Any], ...] = (
    ("en", WIDE, "light"),
    ("zh", NARROW, "dark"),
    ("zh", WIDE, "light"),
    ("en", NARROW, "dark"),
)
"""Each language in each width; each width in light and dark."""
EMPTY = {
    "log": "/console/log?client_id=nobody-at-all",
    "reviews": "/console/reviews?status=superseded",
}
TELLING = {"log": "/console/log?kind=access&outcome=deny&purpose=TREAT"}
"""Where a row is looked into that says more than the newest."""
GUARDED = ("log", "reviews", "customers", "partners", "erasures")
"""Sections that some role does not open."""
ASKED = ("name", "birth_date", "id_number")


@dataclass
class Walk:
    """One walk; `states` are the sessions by role, `pictures` where pictures go, if anywhere."""

    center: Center
    browser: Browser
    findings: Findings
    pictures: Path | None
    states: dict[Role, Any] = field(default_factory=dict)

    def context(self, role: Role | None, language: str, size: dict[str, int], scheme: Any) -> BrowserContext:
        """A browser of its own, signed in as the role."""
        context = self.browser.new_context(
            storage_state=self.states.get(role) if role else None,
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,
            locale="zh-CN" if language == "zh" else "en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        self.findings.watch(context, f"{role or 'nobody'} {language} {size['width']} {scheme}")
        return context

    def go(self, page: Page, path: str, status: int = 200) -> None:
        """Opens a page; another answer than expected is found."""
        answer = page.goto(f"{self.center.url}{path}")
        got = answer.status if answer else None
        self.findings.expect(got == status, f"{path}: {got} instead of {status}")

    def see(self, page: Page, what: str, who: str, picture: bool = False, part: str | None = None) -> None:
        """Looks at the page, and takes its picture, or that of a part of it."""
        self.findings.look(page, what, who)
        if picture and self.pictures is not None:
            narrow = (page.viewport_size or WIDE)["width"] < WIDE["width"]
            target = self.pictures / f"{what.replace(' ', '-')}{'-narrow' if narrow else ''}.png"
            if part is None:
                _take(page, target, narrow)
            else:
                page.set_viewport_size({"width": WIDE["width"], "height": 2 * TALLEST})
                page.locator(part).screenshot(path=target)
                page.set_viewport_size(WIDE)
                _reduce(target)


def follow(page: Page, selector: str) -> None:
    """Clicks what leads to a page, and waits until that is there: the browser goes on by itself."""
    with page.expect_navigation():
        page.click(selector)


def first_sign_in(walk: Walk, role: Role) -> None:
    """With the one-time password to one of their own; keeps the session."""
    context = walk.context(None, *LOOKS[0])
    page = context.new_page()
    walk.go(page, "/console/overview")
    if role is Role.STEWARD:
        walk.see(page, "sign-in", "nobody", picture=True)
        page.fill("#name", account(role))
        page.fill("#password", "not the password")
        follow(page, "main button.primary")
        walk.see(page, "sign-in refused", "nobody")
    page.fill("#name", account(role))
    page.fill("#password", walk.center.passwords[role])
    page.click("main button.primary")
    page.wait_for_url("**/console/password")
    if role is Role.STEWARD:
        walk.see(page, "password", str(role), picture=True)
    page.fill("[name=new]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url("**/console/overview")
    walk.states[role] = context.storage_state()
    context.close()


def sections(page: Page) -> list[str]:
    """The addresses of the menu."""
    found: list[str] = page.eval_on_selector_all(".menu a", "all => all.map(a => a.getAttribute('href'))")
    return found


def every_page(walk: Walk, role: Role, look: tuple[str, dict[str, int], Any]) -> None:
    """Everything that the menu leads to, one step further, and what is closed."""
    language, size, scheme = look
    who = f"{role} {language} {size['width']} {scheme}"
    pictured = look == LOOKS[0] or (look == LOOKS[3] and role in (Role.STEWARD, Role.AUDITOR))
    context = walk.context(role, *look)
    page = context.new_page()
    walk.go(page, "/console/overview")
    walk.see(page, "overview", who, picture=pictured and role is Role.AUDITOR)
    menu = sections(page)
    for address in menu[1:]:
        name = address.rsplit("/", 1)[-1]
        walk.go(page, address)
        walk.see(page, name, who, picture=pictured)
        if name in TELLING:
            walk.go(page, TELLING[name])
        detail = page.query_selector("main a[data-row]")
        if detail is not None:
            href = detail.get_attribute("href") or ""
            walk.go(page, href)
            walk.see(page, f"{name} detail", who, picture=pictured and name != "reviews")
        if name in EMPTY:
            walk.go(page, EMPTY[name])
            walk.see(page, f"{name} empty", who)
    closed = [s for s in GUARDED if f"/console/{s}" not in menu]
    for name in closed[:2] if look != LOOKS[0] else closed:
        answer = page.goto(f"{walk.center.url}/console/{name}")
        walk.findings.expect(answer is not None and answer.status == 403, f"{who}: {name} is open")
    if closed:
        walk.see(page, "denied", who, picture=pictured and role is Role.ADMINISTRATOR)
    if role is Role.STEWARD:
        steward_pages(walk, page, who, pictured)
    if role is Role.ADMINISTRATOR:
        walk.go(page, "/console/new-partner")
        walk.see(page, "partner new", who, picture=pictured)
    context.close()


def steward_pages(walk: Walk, page: Page, who: str, pictured: bool) -> None:
    """A search, a customer, values in clear, the previews of a merge and a split."""
    walk.go(page, "/console/customers")
    page.fill("#name", "张")
    follow(page, "form.five >> nth=0 >> button")
    walk.see(page, "customers nobody", who)
    customer, other, _ = walk.center.customers
    walk.go(page, f"/console/customers/{customer}")
    walk.see(page, "customer", who, picture=pictured)
    follow(page, "main [data-key=v]")
    walk.see(page, "customer in clear", who)
    page.locator("input[name=record]").first.check()
    follow(page, "form[action$=split] button")
    walk.see(page, "split", who, picture=pictured)
    walk.go(page, f"/console/customers/{customer}")
    page.fill("#with", other)
    follow(page, "form[action$=merge] button")
    walk.see(page, "merge", who, picture=pictured)


def records_consents(walk: Walk) -> None:
    """One of every kind of field, and one that is withdrawn."""
    context = walk.context(Role.STEWARD, *LOOKS[0])
    page = context.new_page()
    home = f"/console/customers/{walk.center.customers[0]}"
    for stance in ("permit", "deny"):
        walk.go(page, home)
        page.click("text=Record a consent…")
        page.select_option("#stance", stance)
        page.check("[name=domain][value=medical]")
        page.check("[name=purpose][value=CAREMGT]")
        if stance == "permit":
            page.check("[name=sensitive][value=psychiatric]")
            page.check("[name=kind][value=diagnosis]")
            page.fill("#partners", "hospital elder-care")
            page.fill("#valid_until", "2099-01-31")
            part = "section[aria-labelledby=consents]"
            walk.see(page, "consent", "steward", picture=True, part=part)
        page.fill("#proof", "form 2026-117, signed")
        follow(page, "form.consent button.primary")
    page.locator(".consents summary").first.click()
    page.locator(".consents [name=reason]").first.fill("came in person")
    follow(page, ".consents form button >> nth=0")
    part = "section[aria-labelledby=consents]"
    walk.findings.expect("Withdrawn by" in page.locator(part).inner_text(), "no consent is withdrawn")
    walk.see(page, "consents", "steward", picture=True, part=part)
    context.close()


def two_erase(walk: Walk) -> None:
    """A steward asks for a customer's erasure, a security officer confirms it."""
    customer = walk.center.customers[2]
    context = walk.context(Role.STEWARD, *LOOKS[0])
    page = context.new_page()
    walk.go(page, f"/console/customers/{customer}")
    page.click("text=Ask for erasure…")
    page.fill("#reference", "DSR-2026-0117")
    page.click("form[action$=erasure] button")
    page.wait_for_url("**/console/erasures/*")
    walk.see(page, "erasure asked", "steward")
    erasure = page.url.removeprefix(walk.center.url)
    context.close()
    context = walk.context(Role.SECURITY_OFFICER, *LOOKS[0])
    page = context.new_page()
    walk.go(page, erasure)
    walk.see(page, "erasure", "security officer", picture=True)
    page.fill("#typed", customer)
    follow(page, "button.danger")
    walk.see(page, "erasure done", "security officer")
    walk.go(page, f"/console/customers/{customer}/access-report?language=zh")
    walk.see(page, "access report", "security officer", picture=True)
    context.close()


def decides_by_keyboard(walk: Walk) -> None:
    """Puts a pair off, takes it back, and moves through the queue."""
    context = walk.context(Role.STEWARD, *LOOKS[0])
    page = context.new_page()
    walk.go(page, "/console/reviews")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/reviews/*")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.keyboard.press("n")
    page.wait_for_url("**verdict=not_same**")
    walk.see(page, "review decided", "steward")
    page.keyboard.press("u")
    page.wait_for_url(first)
    walk.findings.expect(page.locator(".verdict").count() == 1, "the review is not open again")
    page.keyboard.press("?")
    walk.findings.expect(page.locator("dialog[open]").count() == 1, "? shows no list of keys")
    context.close()


def looks_closely(walk: Walk) -> None:
    """At a pair that differs in nearly everything by slips, masked and in clear, wide and narrow."""
    for look in (LOOKS[0], LOOKS[1]):
        context = walk.context(Role.STEWARD, *look)
        page = context.new_page()
        walk.go(page, "/console/reviews?reason=document_differs")
        page.locator("main a[data-row]").first.click()
        page.wait_for_url("**/console/reviews/*")
        walk.see(page, "review", "steward", picture=True)
        page.keyboard.press("v")
        page.wait_for_url("**/disclosure*")
        walk.see(page, "review in clear", "steward", picture=look == LOOKS[0])
        marks = page.locator(".written .mark.swapped").count()
        walk.findings.expect(marks == 8, f"{marks} characters are marked as swapped, not 8")
        context.close()


def finds_their_own_match(walk: Walk) -> None:
    """What a steward asked stands in the log, in their name."""
    context = walk.context(Role.STEWARD, *LOOKS[0])
    page = context.new_page()
    walk.go(page, "/console/customers")
    for name in ASKED:
        page.fill(f"#{name}", walk.center.person[name])
    follow(page, "form.five >> nth=0 >> button")
    walk.see(page, "customers found", "steward", picture=True)
    context.close()
    context = walk.context(Role.AUDITOR, *LOOKS[0])
    page = context.new_page()
    walk.go(page, "/console/log?kind=match&client_id=console")
    rows = page.locator("main table tbody tr")
    walk.findings.expect(rows.count() >= 1, "the steward's match is not in the log")
    follow(page, "main a[data-row] >> nth=0")
    walk.findings.expect(account(Role.STEWARD) in page.locator("main").inner_text(), "no actor in the event")
    context.close()


def _take(page: Page, picture: Path, narrow: bool) -> None:
    """The whole page, as high as it is, so that what keeps to the window's edge stands at its end."""
    size = page.viewport_size or WIDE
    if not narrow:
        height = page.evaluate("() => (document.querySelector('main') || document.body).scrollHeight") + 60
        page.set_viewport_size({"width": size["width"], "height": min(max(height, 480), TALLEST)})
    page.evaluate("() => window.scrollTo(0, 0)")
    page.screenshot(path=picture)
    page.set_viewport_size(size)
    _reduce(picture)


def _reduce(picture: Path) -> None:
    """To a palette: pictures in the repository are small."""
    if tool := shutil.which("pngquant"):
        subprocess.run([tool, "--force", "--strip", "--speed=1", "--ext=.png", "32", picture], check=True)


def main(pictures: Path | None) -> int:
    """The whole walk; 1 where something was found."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("there is no chromium; on Debian: apt-get install chromium fonts-noto-cjk")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as center, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        findings = Findings(center.url.removeprefix("http://"))
        walk = Walk(center, browser, findings, pictures)
        for role in Role:
            first_sign_in(walk, role)
        finds_their_own_match(walk)
        looks_closely(walk)
        decides_by_keyboard(walk)
        records_consents(walk)
        two_erase(walk)
        for look in LOOKS:
            for role in Role:
                every_page(walk, role, look)
        browser.close()
        return findings.report()


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.exit(main(Path(asked[1]) if asked[:1] == ["--pictures"] else None))
