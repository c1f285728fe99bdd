"""Customers: search, golden record, merge and split with a preview."""

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
from app.core.index.attributes import Attribute, Verification
from app.core.index.erasure import Basis
from app.services.context import Caller, Origin
from app.services.manage_clients import NewClient
from tests.console.conftest import NOTHING_HERE

WANG = GivenElements("王丽华", "female", "1980-02-29", "resident_id_card", "110101198002290026")
OUYANG = GivenElements("欧阳震华", "male", "1971-06-05", "resident_id_card", "32010219710605351X")
SECRETS = ("丽华", "1980-02-29", "110101198002290026", "13800138000")
OFFICE = Caller(
    Client("desk", frozenset({Scope.CUSTOMER_READ}), None, None, None, True, datetime.now(UTC)),
    Claims("t", "desk", "a", frozenset(), datetime.now(UTC), datetime.now(UTC)),
    Origin(),
)
OTHERS = (Role.AUDITOR, Role.SECURITY_OFFICER, Role.ADMINISTRATOR)


@pytest.fixture
async def two(site: Any) -> tuple[str, str]:
    """Two customers of three records."""
    phone = (Attribute("phones", "+8613800138000", "mobile"),)
    wang = await site.register("his", "H-1", WANG, attributes=phone, verification=Verification.CARD_READ)
    await site.register("care", "C-1", WANG)
    return wang, await site.register("his", "H-2", OUYANG)


def addresses(wang: str, ouyang: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pages = ("/customers", f"/customers/{wang}", f"/customers/{wang}/merge?with={ouyang}")
    consent, merge = f"/{wang}/consents", f"/{wang}/merges/{UUID(int=1)}/undo"
    actions = ("", "/look-up", f"/{wang}/disclosure", f"/{wang}/merge", f"/{wang}/split", consent, merge)
    more = (f"{consent}/{UUID(int=1)}/withdrawal", f"/{wang}/merge/disclosure", f"/{wang}/split/disclosure")
    return pages, tuple(f"/customers{action}" for action in (*actions, *more))


@pytest.mark.parametrize("role", OTHERS)
async def test_customers_are_for_stewards(site: Any, two: tuple[str, str], role: Role) -> None:
    browser = await site.visitor(role)
    assert "/console/customers" not in (await browser.get("/overview")).text
    pages, actions = addresses(*two)
    for page in pages:
        await browser.get(page, 403)
    for action in actions:
        await browser.post(action, 403, name="王丽华")
    assert {e.outcome for e in await site.events(client_id="console") if e.customer_id} == set()


async def test_forms_of_other_sites_change_nothing(site: Any, two: tuple[str, str]) -> None:
    browser = await site.visitor(Role.STEWARD)
    browser.token = "0" * 64
    for action in addresses(*two)[1]:
        await browser.post(action, 403, retired=two[1])
    assert await site.events(kind=Kind.MERGE) == []


async def test_a_search_is_a_match_in_the_stewards_name(site: Any, two: tuple[str, str]) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get("/customers")
    form = {name: getattr(WANG, name) for name in WANG.__slots__}
    page = (await browser.post("/customers", 200, **form)).text
    assert "One customer matches" in page
    assert f"/console/customers/{two[0]}" in page
    assert "王**" in page
    (event,) = await site.events(kind=Kind.MATCH)
    assert (event.client_id, event.actor, event.outcome) == ("console", "the-steward", "match")
    assert event.elements_digest is not None


async def test_a_search_that_finds_nobody_says_so(site: Any) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get("/customers")
    page = (await browser.post("/customers", 200, name="令狐冲", birth_date="1990-01-01")).text
    assert "Nobody matches" in page
    assert "No customer shares enough" in page


async def test_a_field_that_cannot_be_read_is_named(site: Any) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get("/customers")
    page = (await browser.post("/customers", 422, name="王丽华", birth_date="31 June")).text
    assert 'id="birth_date-fault"' in page
    assert 'id="name-fault"' not in page


@pytest.mark.parametrize(
    "form", [{"customer_id": "it"}, {"source_system": "his", "local_id": "H-1"}], ids=["own", "local"]
)
async def test_a_customer_is_opened_by_an_id(site: Any, two: tuple[str, str], form: dict[str, str]) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get("/customers")
    if "customer_id" in form:
        form = {"customer_id": two[0]}
    answer = await browser.post("/customers/look-up", 303, **form)
    assert answer.headers["location"] == f"/console/customers/{two[0]}"


async def test_ids_that_are_none_lead_nowhere(site: Any) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get("/customers")
    for form in ({"customer_id": "//x.example"}, {"source_system": "his", "local_id": "H-9"}, {}):
        assert NOTHING_HERE in (await browser.post("/customers/look-up", 404, **form)).text
    for path in ("/customers/CMNONSENSE", f"/customers/{'x' * 40}/merge?with=y"):
        assert NOTHING_HERE in (await browser.get(path, 404)).text


async def test_a_customer_is_shown_masked_with_where_each_value_came_from(
    site: Any, two: tuple[str, str]
) -> None:
    browser = await site.visitor(Role.STEWARD)
    page = (await browser.get(f"/customers/{two[0]}")).text
    assert not [secret for secret in SECRETS if secret in page]
    assert {"王**", "Card read", "H-1", "C-1", "Linked", "the record matched"} <= {
        word for word in ("王**", "Card read", "H-1", "C-1", "Linked", "the record matched") if word in page
    }
    assert [e.customer_id for e in await site.events(kind=Kind.CUSTOMER_READ)] == [two[0]]


async def test_asking_for_the_values_is_an_event(site: Any, two: tuple[str, str]) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get(f"/customers/{two[0]}")
    page = (await browser.post(f"/customers/{two[0]}/disclosure", 200)).text
    assert [secret for secret in SECRETS if secret not in page] == []
    (event,) = await site.events(kind=Kind.DISCLOSURE)
    assert (event.actor, event.customer_id) == ("the-steward", two[0])
    again = await browser.get(f"/customers/{two[0]}/disclosure", 303)
    assert again.headers["location"] == f"/console/customers/{two[0]}"


async def test_a_merge_is_previewed_done_and_undone(site: Any, two: tuple[str, str]) -> None:
    wang, ouyang = two
    browser = await site.visitor(Role.STEWARD)
    page = (await browser.get(f"/customers/{wang}/merge?with={ouyang}")).text
    assert "Two valid resident numbers that differ" in page
    assert not [secret for secret in SECRETS if secret in page]
    assert await site.events(kind=Kind.MERGE) == []
    shown = (await browser.post(f"/customers/{wang}/merge/disclosure?with={ouyang}", 200)).text
    assert "110101198002290026" in shown
    assert {e.customer_id for e in await site.events(kind=Kind.DISCLOSURE)} == {wang, ouyang}
    done = await browser.post(f"/customers/{wang}/merge", retired=ouyang, reason="one person")
    page = (await browser.get(done.headers["location"].removeprefix("/console"))).text
    moved = await browser.get(f"/customers/{ouyang}", 303)
    assert moved.headers["location"] == f"/console/customers/{wang}?from={ouyang}"
    assert (
        f"{ouyang} was merged" in (await browser.get(moved.headers["location"].removeprefix("/console"))).text
    )
    (undo,) = set(re.findall(r'action="/console(/customers/\w+/merges/[0-9a-f-]+/undo)"', page))
    answer = await browser.post(undo)
    assert answer.headers["location"].endswith(f"?undone={ouyang}")
    await browser.get(f"/customers/{ouyang}")
    await browser.post(undo, 409)


async def test_a_stewards_words_are_shown_in_clear_alone(site: Any, two: tuple[str, str]) -> None:
    browser = await site.visitor(Role.STEWARD)
    await browser.get(f"/customers/{two[0]}")
    await browser.post(f"/customers/{two[0]}/merge", retired=two[1], reason="called Ms Wang")
    assert "called Ms Wang" not in (await browser.get(f"/customers/{two[0]}")).text
    assert "called Ms Wang" in (await browser.post(f"/customers/{two[0]}/disclosure", 200)).text


async def test_a_split_is_previewed_and_done(site: Any, two: tuple[str, str]) -> None:
    browser = await site.visitor(Role.STEWARD)
    page = (await browser.get(f"/customers/{two[0]}")).text
    records = re.findall(r'name="record" value="([0-9a-f-]+)"', page)
    assert len(records) == 2
    for chosen in ("", "&".join(f"record={r}" for r in records), "record=nonsense"):
        await browser.get(f"/customers/{two[0]}/split?{chosen}", 422)
    preview = (await browser.get(f"/customers/{two[0]}/split?record={records[1]}")).text
    assert "those of a new customer" in preview
    shown = await browser.post(f"/customers/{two[0]}/split/disclosure?record={records[1]}", 200)
    assert "王丽华" in shown.text
    done = await browser.post(f"/customers/{two[0]}/split", record=records[1], reason="two people")
    new = done.headers["location"].partition("?split=")[2]
    assert "王**" in (await browser.get(f"/customers/{new}")).text
    await browser.get(f"/customers/{two[0]}/merge?with={new}")
    await browser.post(f"/customers/{two[0]}/merge", retired=new)
    page = (await browser.get(f"/customers/{two[0]}/split?record={records[1]}")).text
    assert f"records of {new}" in page


async def test_nothing_is_left_of_who_was_erased(site: Any, two: tuple[str, str]) -> None:
    erasing, now = site.services.erasures.of_customer, datetime.now(UTC)
    one, other = (
        Caller(
            Client(name, frozenset({Scope.DATA_ERASE}), None, None, None, True, now),
            Claims(name, name, "a", frozenset({Scope.DATA_ERASE}), now, now + timedelta(minutes=5)),
            Origin(),
        )
        for name in ("one", "other")
    )
    erasure, _ = await erasing.request(two[1], Basis.PURPOSE_ENDED, None, one)
    await erasing.confirm(erasure.erasure_id, other)
    browser = await site.visitor(Role.STEWARD)
    assert "was erased" in (await browser.get(f"/customers/{two[1]}", 410)).text
    await browser.get(f"/customers/{two[0]}/merge?with={two[1]}", 410)


async def test_a_consent_is_recorded_and_withdrawn(site: Any, two: tuple[str, str]) -> None:
    browser = await site.visitor(Role.STEWARD)
    home = f"/customers/{two[0]}"
    assert "Nothing is recorded" in (await browser.get(home)).text
    form = {"stance": "deny", "given_by": "guardian", "domain": "medical", "proof": "form 7, Ms Li"}
    wrongs = (
        {"proof": " "},
        {"stance": "perhaps"},
        {"given_by": ""},
        {"valid_until": "soon"},
        {"valid_from": "2099-02-01", "valid_until": "2099-01-31"},
        {"domain": "dental"},
        {"purpose": "CURIOSITY"},
        {"kind": "gossip"},
        {"partners": "nobody-such"},
        {"sha256": "abc"},
    )
    for wrong in wrongs:
        await browser.post(f"{home}/consents", 422, **{**form, **wrong})
    await site.services.manage_clients.create(NewClient("east", frozenset({Scope.CUSTOMER_MATCH})), None)
    more = {"kind": "diagnosis", "purpose": "TREAT", "partners": "east", "sha256": "AB" * 32}
    period = {"valid_from": "2026-01-01", "valid_until": "2099-01-31"}
    await browser.post(f"{home}/consents", **form, **more, **period, sensitive="psychiatric")
    page = (await browser.get(home)).text
    table = page[page.index('class="queue inner consents"') :].partition("</table>")[0]
    told = ["Forbids", "in force", "a guardian", "2026-01-01", "2099-01-31", "diagnoses", "psychiatric"]
    told += ["treatment", "<code>east</code>", "SHA-256 abababab", "Recorded by the-steward"]
    assert [word for word in told if word not in table] == []
    (kept,) = (await site.services.access.consents.list(two[0], None, 9, OFFICE)).items
    assert (kept.directive.kinds, kept.directive.partners) == ({"diagnosis"}, {"east"})
    assert kept.directive.valid_from.isoformat() == "2025-12-31T16:00:00+00:00"
    assert "form 7" not in page
    assert "form 7" in (await browser.post(f"{home}/disclosure", 200)).text
    (withdrawal,) = re.findall(r'action="/console(/[^"]+/withdrawal)"', page)
    await browser.post(withdrawal, reason="came in person")
    page = (await browser.get(home)).text
    assert "Withdrawn by the-steward" in page
    assert "came in person" not in page
    assert "came in person" in (await browser.post(f"{home}/disclosure", 200)).text
    assert "/withdrawal" not in page
    await browser.post(withdrawal, 409)
    await browser.post(f"{home}/consents/nonsense/withdrawal", 404)
    events = [e for e in await site.events(kind=Kind.CONSENT) if e.outcome != "read"]
    assert [(e.outcome, e.actor) for e in events] == [
        ("withdrawn", "the-steward"),
        ("recorded", "the-steward"),
    ]


async def test_both_languages(site: Any, two: tuple[str, str]) -> None:
    for language, said in (("en", "Golden record"), ("zh", "黄金记录")):
        browser = await site.visitor(Role.STEWARD, language=language)
        assert said in (await browser.get(f"/customers/{two[0]}")).text
        for path in ("/customers", f"/customers/{two[0]}/merge?with={two[1]}"):
            await browser.get(path)
