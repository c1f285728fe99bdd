"""Signing in at an outside identity provider."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from tests.console.provider import CLIENT_ID, CLIENT_SECRET, Provider, running

NOT_PROVED = "The sign-in was not completed"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture
def environment(environment: dict[str, str], provider: Provider) -> dict[str, str]:
    return {
        **environment,
        "CDC_PUBLIC_URL": "http://testserver",
        "CDC_OIDC_ISSUER": provider.issuer,
        "CDC_OIDC_CLIENT_ID": CLIENT_ID,
        "CDC_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "CDC_OIDC_ROLES": "security=security_officer auditor=auditor",
    }


async def back(browser: Any) -> str:
    """Goes to the provider as a browser does; the path with which it comes back."""
    away = await browser.get("/sign-in/elsewhere", 303)
    async with httpx.AsyncClient(trust_env=False) as outside:
        answer = await outside.get(away.headers["location"])
    location: str = answer.headers["location"]
    assert location.startswith("http://testserver/console/sign-in/return?")
    return location.removeprefix("http://testserver/console")


async def test_whoever_the_provider_vouches_for_comes_in(site: Any, provider: Provider) -> None:
    browser = site.browser()
    assert "Sign in with 127.0.0.1" in (await browser.get("/sign-in")).text
    entered = await browser.get(await back(browser), 303)
    assert entered.headers["location"] == "/console/overview"
    assert "oidc:li.wei" in (await browser.get("/log")).text
    event = (await site.events(kind="console_sign_in"))[0]
    assert (event.actor, event.detail) == (
        "oidc:li.wei",
        {"method": "openid_connect", "role": "auditor"},
    )
    provider.roles = ["staff", "security"]
    again = site.browser()
    await again.get(await back(again), 303)
    (account,) = await site.accounts.list()
    assert account.role == "security_officer"
    await again.get("/password")
    page = await again.post("/password", 422, new="a quite new one", again="a quite new one")
    assert "signs in at the identity provider" in page.text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nonce": "another"}, "bad_id_token"),
        ({"aud": "another"}, "bad_id_token"),
        ({"iss": "http://evil.example"}, "bad_id_token"),
        ({"exp": 1}, "bad_id_token"),
        ({"nonce": None}, "bad_id_token"),
        ({"exp": None}, "bad_id_token"),
        ({"iss": None}, "bad_id_token"),
        ({"aud": None}, "bad_id_token"),
        ({"azp": "another", "aud": [CLIENT_ID, "another"]}, "bad_id_token"),
        ({"sub": "a\nb"}, "no_name"),
        ({"sub": 7}, "bad_id_token"),
    ],
)
async def test_a_token_that_proves_nothing_lets_nobody_in(
    site: Any, provider: Provider, changes: dict[str, Any], reason: str
) -> None:
    provider.changes = changes
    browser = site.browser()
    page = await browser.get(await back(browser), 401)
    assert NOT_PROVED in page.text
    await site.services.authenticate_caller.tally.flush()
    assert [e.reasons for e in await site.events(kind="authentication")] == [(reason,)]
    assert await site.accounts.list() == []


async def test_a_token_signed_by_somebody_else_lets_nobody_in(site: Any, provider: Provider) -> None:
    provider.signer = RSAKey.generate_key(2048, {"kid": "k1"})
    browser = site.browser()
    assert NOT_PROVED in (await browser.get(await back(browser), 401)).text


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_without_a_signature_of_the_providers_lets_nobody_in(
    site: Any, provider: Provider, algorithm: str
) -> None:
    """Neither without any, nor with one that whoever knows the client's secret could make."""
    provider.algorithm, provider.signer = algorithm, OctKey.import_key(CLIENT_SECRET)
    browser = site.browser()
    await browser.get(await back(browser), 401)
    await site.services.authenticate_caller.tally.flush()
    assert [e.reasons for e in await site.events(kind="authentication")] == [("bad_id_token",)]


async def test_a_refusal_of_the_provider_is_taken_as_one(site: Any, provider: Provider) -> None:
    provider.denies = True
    browser = site.browser()
    page = await browser.get(await back(browser), 401)
    assert "was not completed" in page.text
    await site.services.authenticate_caller.tally.flush()
    assert [e.reasons for e in await site.events(kind="authentication")] == [("not_signed_in",)]
    assert provider.asked == 0


@pytest.mark.parametrize(("issuer", "status"), [("{issuer}", 303), ("https://evil.example", 401)])
async def test_an_answer_says_who_gives_it(site: Any, provider: Provider, issuer: str, status: int) -> None:
    """RFC 9207: an answer of another provider is not taken to this one."""
    provider.issues = f"&iss={issuer.format(issuer=provider.issuer)}"
    browser = site.browser()
    await browser.get(await back(browser), status)
    assert provider.asked == (status == 303)


async def test_the_way_back_is_good_once_and_for_one_browser(site: Any) -> None:
    here, there = site.browser(), site.browser()
    path = await back(here)
    assert NOT_PROVED in (await there.get(path, 401)).text
    assert (await here.get(path, 303)).headers["location"] == "/console/overview"
    for browser, used in ((here, path), (there, "/sign-in/return")):
        assert NOT_PROVED in (await browser.get(used, 401)).text


async def test_without_a_role_or_with_a_disabled_account_nobody_comes_in(
    site: Any, provider: Provider
) -> None:
    browser = site.browser()
    await browser.get(await back(browser), 303)
    await site.accounts.set_active("oidc:li.wei", False)
    await browser.get(await back(browser), 401)
    provider.roles = ["nothing here"]
    await browser.get(await back(browser), 401)
    refused = await site.events(kind="console_sign_in", outcome="refused")
    assert [e.reasons for e in refused] == [("no_role",), ("account_disabled",)]


async def test_a_provider_that_is_away_is_said_to_be_away(site: Any, provider: Provider) -> None:
    provider.issuer = "http://127.0.0.1:9"
    page = await site.browser().get("/sign-in/elsewhere", 503)
    assert "cannot be reached" in page.text
