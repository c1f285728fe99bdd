"""What holds for every page: headers, languages, colours, assets."""

import json
import re
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.core.access.roles import Role
from app.core.access.scope import Domain, Purpose, Scope
from app.core.audit.event import Kind

CONSOLE = Path(__file__).parents[2] / "app/console"


def catalogue(language: str) -> dict[str, str]:
    text = (CONSOLE / f"messages/{language}.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same() -> None:
    english, chinese = catalogue("en"), catalogue("zh")
    assert list(english) == sorted(english)
    assert list(english) == list(chinese)
    assert {k for k in english if places(english[k]) != places(chinese[k])} == set()
    assert [k for k, text in chinese.items() if not text.strip()] == []


def test_every_message_that_a_template_names_is_there() -> None:
    named = {
        key
        for path in (CONSOLE / "templates").glob("*.html")
        for key in re.findall(r"\bt\(['\"]([\w.]+)['\"][,)]", path.read_text(encoding="utf-8"))
    }
    assert named <= set(catalogue("en"))


@pytest.mark.parametrize(
    ("group", "codes"),
    [("kind", Kind), ("scope", Scope), ("purpose", Purpose), ("domain", Domain), ("role", Role)],
)
def test_every_code_has_its_word(group: str, codes: type[StrEnum]) -> None:
    assert {f"{group}.{code.value}" for code in codes} <= set(catalogue("en"))


SAVED = ("access_report.html", "activity_report.html")
"""People keep and print these, so their style is in them; their policy allows that style by its hash."""


def test_no_page_holds_script_or_style_of_its_own() -> None:
    for path in (CONSOLE / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        if path.name in SAVED:
            text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", text), (
            path.name
        )
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text), path.name
        assert "|safe" not in text.replace(" ", ""), path.name


async def test_every_answer_forbids_what_is_not_ours(site: Any) -> None:
    browser = await site.visitor(Role.AUDITOR)
    for path, status in (("/sign-in", 200), ("/overview", 200), ("/nothing", 404), ("/static/x.js", 404)):
        headers = (await browser.get(path, status)).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(
            policy.split("; ")
        )
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]


async def test_assets_are_kept_for_ever_under_names_of_their_contents(site: Any) -> None:
    browser = site.browser()
    page = (await browser.get("/sign-in")).text
    addresses = set(re.findall(r'"/console(/static/[^"]+)"', page))
    assert len(addresses) == 4
    for address in addresses:
        assert re.search(r"\.[0-9a-f]{12}\.(css|js|svg)$", address)
        small = await browser.get(address)
        plain = await browser.get(address, **{"Accept-Encoding": "identity"})
        assert small.content == plain.content
        assert small.headers["content-encoding"] == "gzip"
        assert "immutable" in small.headers["cache-control"]


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "登录"),
        ("en-GB,zh;q=0.5", "Sign in"),
        ("fr, zh-TW;q=0.4, en;q=0.3", "登录"),
        ("zh;q=0, fr", "Sign in"),
        ("zh;q=x", "Sign in"),
        ("", "Sign in"),
    ],
)
async def test_the_browser_says_which_language(site: Any, accepted: str, said: str) -> None:
    page = await site.browser(accepted).get("/sign-in")
    assert f"<h1>{said}</h1>" in page.text


async def test_language_and_colours_can_be_chosen(site: Any) -> None:
    browser = site.browser()
    await browser.post("/preferences", language="zh", theme="dark", next="/console/sign-in")
    page = (await browser.get("/sign-in")).text
    assert '<html lang="zh-CN" data-theme="dark">' in page
    await browser.post("/preferences", language="xx", theme="pink")
    assert '<html lang="zh-CN" data-theme="dark">' in (await browser.get("/sign-in")).text


async def test_the_address_alone_leads_to_the_first_page(site: Any) -> None:
    answer = await site.browser().get("", 303)
    assert answer.headers["location"] == "/console/overview"
    assert (await site.browser().get("/", 404)).headers["content-type"].startswith("text/html")
