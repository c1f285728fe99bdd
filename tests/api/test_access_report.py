"""Who looked at this customer: a page to print."""

import base64
import hashlib
import re
from typing import Any

import pytest

from app.core.access.scope import Domain, Scope


@pytest.fixture
async def auditor(center: Any) -> dict[str, str]:
    headers: dict[str, str] = await center.bearer("privacy-desk", Scope.AUDIT_READ)
    return headers


async def looked_up(center: Any, person: Any) -> None:
    """A home matches the person and asks for their records."""
    scopes = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL)
    partner = await center.bearer("sunny-home", *scopes, domain=Domain.ELDER_CARE)
    body = {**person, "access": {"domains": ["medical"], "purpose": "TREAT"}}
    answer = await center.http.post("/v1/match", json=body, headers=partner)
    assert answer.json()["access"]["decision"] == "permit"


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("个人信息查阅记录", "诊疗", "允许", "共 ")), ("en", ("Who looked at", "treatment", "permit"))],
)
async def test_it_says_who_when_why_and_how_it_ended(
    center: Any, pair: tuple[str, str], person: Any, auditor: Any, language: str, words: tuple[str, ...]
) -> None:
    await looked_up(center, person)
    url = f"/v1/customers/{pair[0]}/access-report"
    answer = await center.http.get(url, params={"language": language}, headers=auditor)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    page = answer.text
    assert f'<html lang="{language}">' in page
    assert "sunny-home" in page
    for word in words:
        assert word.lower() in page.lower(), word
    assert person["name"] not in page
    assert "<script" not in page


async def test_the_policy_lets_its_own_style_through_and_nothing_else(
    center: Any, pair: tuple[str, str], auditor: Any
) -> None:
    answer = await center.http.get(f"/v1/customers/{pair[0]}/access-report", headers=auditor)
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


async def test_it_follows_merges_and_is_an_event_itself(
    center: Any, desk: Any, pair: tuple[str, str], other: Any, auditor: Any
) -> None:
    await looked_up(center, other)
    await desk.merge(*pair)
    answer = await center.http.get(f"/v1/customers/{pair[1]}/access-report", headers=auditor)
    assert pair[0] in answer.text
    assert "sunny-home" in answer.text
    (event,) = await center.events(kind="report")
    assert (event["customer_id"], event["purpose"], event["client_id"]) == (pair[0], "PATRQT", "privacy-desk")


async def test_a_steward_answers_a_person_and_reads_no_log(
    center: Any, pair: tuple[str, str], person: Any
) -> None:
    await looked_up(center, person)
    steward = await center.bearer("front-desk", Scope.CUSTOMER_STEWARD)
    answer = await center.http.get(f"/v1/customers/{pair[0]}/access-report", headers=steward)
    assert answer.status_code == 200
    assert "sunny-home" in answer.text
    (event,) = await center.events(kind="report")
    assert (event["client_id"], event["outcome"], event["purpose"]) == ("front-desk", "ok", "PATRQT")
    for url in ("/v1/audit/events", "/v1/audit/export", "/v1/clients/sunny-home/activity"):
        assert (await center.http.get(url, headers=steward)).status_code == 403


async def test_a_steward_must_know_every_source_system_of_the_customer(
    center: Any, pair: tuple[str, str], register: Any, person: Any
) -> None:
    await register("elder_care", "E1", person)
    steward = await center.bearer("ward", Scope.CUSTOMER_STEWARD, systems=frozenset({"medical"}))
    answer = await center.http.get(f"/v1/customers/{pair[0]}/access-report", headers=steward)
    assert (answer.status_code, answer.json()["code"]) == (403, "source_system_not_allowed")
    (denied,) = await center.events(kind="report")
    assert (denied["outcome"], denied["customer_id"]) == ("deny", pair[0])
    assert denied["reasons"] == ["source_system_not_allowed"]
    own = await center.http.get(f"/v1/customers/{pair[1]}/access-report", headers=steward)
    assert own.status_code == 200


@pytest.mark.parametrize("scope", [Scope.CUSTOMER_READ, Scope.CLIENT_ADMIN, Scope.DATA_ERASE])
async def test_nobody_else_gets_it(center: Any, pair: tuple[str, str], scope: Scope) -> None:
    other = await center.bearer("other", scope)
    answer = await center.http.get(f"/v1/customers/{pair[0]}/access-report", headers=other)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


async def test_a_period_without_events_says_so(center: Any, pair: tuple[str, str], auditor: Any) -> None:
    period = {"from": "2199-01-01T00:00:00Z", "language": "en"}
    url = f"/v1/customers/{pair[0]}/access-report"
    answer = await center.http.get(url, params=period, headers=auditor)
    assert "no events in this period" in answer.text


@pytest.mark.parametrize("customer_id", ["C0000000000000000A", "x"])
async def test_nobody_is_404(center: Any, auditor: Any, customer_id: str) -> None:
    answer = await center.http.get(f"/v1/customers/{customer_id}/access-report", headers=auditor)
    assert answer.json()["code"] == "not_found"
