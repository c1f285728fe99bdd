"""Partner systems at the console."""

import json
import re
from typing import Any

import pytest
from joserfc.jwk import ECKey

from app.core.access.roles import Role
from app.core.access.scope import Scope
from app.services.manage_clients import NewClient
from tests.console.conftest import NOTHING_HERE

NEW = {
    "client_id": "hospital-east",
    "domain": "medical",
    "systems": "own",
    "rate": "50",
    "scope": "customer:match",
}

KEY: dict[str, str | list[str]] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "his-1",
}
JWKS = json.dumps({"keys": [KEY]})
THUMBPRINT = ECKey.import_key(KEY).thumbprint()


async def made(site: Any, name: str = "hospital", *scopes: Scope) -> str:
    new = NewClient(name, frozenset(scopes or {Scope.CUSTOMER_MATCH}), None, "all", None)
    secret: str = (await site.services.manage_clients.create(new, None)).secret
    return secret


def shown_secret(page: str) -> str:
    found = re.search(r'id="secret" class="secret">([^<]+)<', page)
    assert found
    return found[1]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.STEWARD, Role.SECURITY_OFFICER])
async def test_other_roles_are_refused(site: Any, role: Role) -> None:
    await made(site)
    browser = await site.visitor(role)
    for path in ("/partners", "/new-partner", "/partners/hospital"):
        await browser.get(path, 403)
    for act in ("secret", "keys", "suspend"):
        await browser.post(f"/partners/hospital/{act}", 403, **NEW)
    await browser.post("/new-partner", 403, **NEW)
    assert (await site.services.manage_clients.get("hospital")).active
    assert len(await site.events(outcome="deny")) == 7


async def test_a_partner_is_registered_and_its_secret_shown_once(site: Any) -> None:
    browser = await site.visitor(Role.ADMINISTRATOR)
    assert "No partners yet" in (await browser.get("/partners")).text
    await browser.get("/new-partner")
    page = (await browser.post("/new-partner", 201, **NEW)).text
    secret = shown_secret(page)
    client = await site.services.manage_clients.get("hospital-east")
    assert (client.source_systems, client.rate) == (frozenset({"medical"}), 50)
    again = (await browser.get("/partners/hospital-east")).text
    assert secret not in again
    event = (await site.events(kind="client"))[0]
    assert (event.outcome, event.client_id, event.actor) == ("created", "console", "the-administrator")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client_id": "Hospital East"}, "client&#39;s ID cannot be used"),
        ({"client_id": "console"}, "client&#39;s ID cannot be used"),
        ({"scope": "root"}, "scopes cannot be used"),
        ({"scope": ""}, "scopes cannot be used"),
        ({"rate": "0"}, "rate cannot be used"),
        ({"rate": "fast"}, "rate cannot be used"),
        ({"domain": "dental"}, "domain cannot be used"),
        ({"systems": "named", "names": "a/b"}, "source systems cannot be used"),
        ({"method": "jwks", "jwks": '{"keys": []}'}, "keys cannot be used"),
        ({"method": "jwks", "jwks": "not JSON"}, "keys cannot be used"),
        ({"method": "jwks_uri", "jwks_uri": "http://his.example"}, "JWKS URL cannot be used"),
        ({"client_id": "hospital"}, "This name is taken"),
    ],
)
async def test_a_field_that_cannot_be_used_is_named(site: Any, changed: dict[str, str], said: str) -> None:
    await made(site)
    browser = await site.visitor(Role.ADMINISTRATOR)
    await browser.get("/new-partner")
    page = (await browser.post("/new-partner", 422, **{**NEW, **changed})).text
    assert said in page
    assert len((await site.services.manage_clients.list(None, 10)).clients) == 1


async def test_a_secret_is_renewed_and_a_partner_suspended_and_let_in_again(site: Any) -> None:
    old = await made(site)
    browser = await site.visitor(Role.ADMINISTRATOR)
    await browser.get("/partners/hospital")
    secret = shown_secret((await browser.post("/partners/hospital/secret", 200)).text)
    assert secret != old
    await browser.post("/partners/hospital/suspend")
    assert ">suspended<" in (await browser.get("/partners/hospital")).text
    await browser.post("/partners/hospital/activate")
    assert ">active<" in (await browser.get("/partners")).text
    outcomes = [e.outcome for e in await site.events(kind="client", client_id="console")]
    assert outcomes == ["activated", "suspended", "secret_rotated"]


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ({"method": "jwks", "jwks": JWKS}, ("his-1", THUMBPRINT, "ES256")),
        ({"method": "jwks_uri", "jwks_uri": "https://his.example/jwks.json"}, ("https://his.example/jwks",)),
    ],
    ids=["inline", "url"],
)
async def test_a_partner_proves_itself_by_keys(site: Any, keys: dict[str, str], shown: tuple[str]) -> None:
    browser = await site.visitor(Role.ADMINISTRATOR)
    await browser.get("/new-partner")
    page = (await browser.post("/new-partner", 201, **NEW, **keys)).text
    assert [word for word in (*shown, "private_key_jwt", "Replace the keys") if word not in page] == []
    assert 'id="secret"' not in page
    assert "/hospital-east/secret" not in page
    await browser.post("/partners/hospital-east/secret", 409)
    assert ">Keys<" in (await browser.get("/partners")).text


async def test_keys_take_the_place_of_a_secret_and_of_other_keys(site: Any) -> None:
    await made(site)
    browser = await site.visitor(Role.ADMINISTRATOR)
    page = (await browser.get("/partners/hospital")).text
    assert "client_secret_basic" in page
    before = (await site.services.manage_clients.proof("hospital")).since
    for wrong in ({"method": "jwks", "jwks": "{"}, {"method": "jwks_uri", "jwks_uri": "ftp://x"}, {}):
        await browser.post("/partners/hospital/keys", 422, **wrong)
    await browser.post("/partners/hospital/keys", method="jwks", jwks=JWKS)
    assert THUMBPRINT in (await browser.get("/partners/hospital")).text
    proof = await site.services.manage_clients.proof("hospital")
    assert before < proof.since
    await browser.post("/partners/hospital/suspend")
    assert (await site.services.manage_clients.proof("hospital")).since == proof.since
    await browser.post("/partners/hospital/keys", method="jwks_uri", jwks_uri="https://his.example/jwks.json")
    assert THUMBPRINT not in (await browser.get("/partners/hospital")).text
    outcomes = [e.outcome for e in await site.events(kind="client", client_id="console")]
    assert outcomes == ["keys_replaced", "suspended", "keys_replaced"]


async def test_a_partner_that_is_not_there_is_404(site: Any) -> None:
    browser = await site.visitor(Role.ADMINISTRATOR)
    assert NOTHING_HERE in (await browser.get("/partners/nobody", 404)).text
    for act in ("secret", "keys", "suspend", "activate"):
        page = await browser.post(f"/partners/nobody/{act}", 404, method="jwks", jwks=JWKS)
        assert NOTHING_HERE in page.text


async def test_many_partners_stand_on_several_pages(site: Any) -> None:
    for number in range(60):
        await made(site, f"partner-{number:02}")
    browser = await site.visitor(Role.ADMINISTRATOR, language="zh")
    page = (await browser.get("/partners")).text
    assert len(re.findall("<a data-row ", page)) == 50
    further = re.search(r'rel="next" href="/console([^"]+)"', page)
    assert further
    rest = (await browser.get(further[1])).text
    assert len(re.findall("<a data-row ", rest)) == 10
    assert "partner-59" in rest


async def test_what_oversees_administrators_is_not_theirs(site: Any) -> None:
    await made(site, "auditor", Scope.AUDIT_READ)
    browser = await site.visitor(Role.ADMINISTRATOR)
    assert 'value="audit:read"' not in (await browser.get("/new-partner")).text
    assert "/console/partners/auditor/secret" not in (await browser.get("/partners/auditor")).text
    for path in ("/new-partner", "/partners/auditor/secret", "/partners/auditor/keys"):
        page = await browser.post(path, 403, **{**NEW, "scope": "audit:read", "method": "jwks", "jwks": JWKS})
        assert "for the operator alone" in page.text
    assert len(await site.events(kind="client", outcome="deny")) == 3
