"""What did this partner do: figures for an auditor, and a page to print."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from app.core.access.scope import Domain, Scope

URL = "/v1/clients/sunny-home/activity"


@pytest.fixture
async def auditor(center: Any) -> dict[str, str]:
    headers: dict[str, str] = await center.bearer("inspection", Scope.AUDIT_READ)
    return headers


@pytest.fixture
async def busy(center: Any, pair: tuple[str, str], person: Any) -> None:
    """A home that matched somebody for their records twice, was refused once, and asked in an emergency."""
    scopes = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL)
    partner = await center.bearer("sunny-home", *scopes, domain=Domain.ELDER_CARE)
    for access in (
        {"domains": ["medical"], "purpose": "TREAT"},
        {"domains": ["medical"], "purpose": "TREAT"},
        {"domains": ["funeral"], "purpose": "TREAT"},
        {"domains": ["medical"], "purpose": "ETREAT", "reason": "unconscious at the door"},
    ):
        answer = await center.http.post("/v1/match", json={**person, "access": access}, headers=partner)
        assert answer.status_code == 200


@pytest.mark.usefixtures("busy")
async def test_it_counts_what_was_done_and_leads_to_the_events(center: Any, auditor: dict[str, str]) -> None:
    answer = await center.http.get(URL, headers=auditor)
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert (done["client_id"], done["timezone"]) == ("sunny-home", "Asia/Shanghai")
    assert (done["customers"], done["emergency_accesses"], done["denials"]) == (1, 1, 1)
    outcomes = {(one["kind"], one["outcome"]): one["events"] for one in done["outcomes"]}
    assert outcomes["match", "match"] == 4
    assert (outcomes["access", "permit"], outcomes["access", "deny"]) == (3, 1)
    assert sum(outcomes.values()) == done["events"] == sum(one["events"] for one in done["days"])
    assert done["purposes"]["ETREAT"] >= 1
    assert done["domains"].keys() == {"medical", "funeral"}
    assert done["denial_reasons"]["scope_missing"] == 1
    assert done["first_at"] <= done["last_at"]
    link = urlsplit(done["events_url"])
    events = (await center.http.get(f"{link.path}?{link.query}&limit=1000", headers=auditor)).json()["items"]
    assert len(events) == done["events"]
    assert {event["client_id"] for event in events} == {"sunny-home"}


@pytest.mark.usefixtures("busy")
async def test_that_somebody_asked_is_an_event(center: Any, auditor: dict[str, str]) -> None:
    await center.http.get(
        URL, params={"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}, headers=auditor
    )
    (event,) = await center.events(kind="audit_read", client_id="inspection")
    assert event["detail"] == {
        "what": "client_activity",
        "filter_client": "sunny-home",
        "from": "2026-01-01T00:00:00+00:00",
        "to": "2026-02-01T00:00:00+00:00",
    }


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("的使用情况", "急救访问", "诊疗")),
        ("en", ("What sunny-home did", "Emergency accesses", "treatment")),
    ],
)
async def test_the_page_to_print_says_the_same_in_words(
    center: Any, auditor: dict[str, str], language: str, words: tuple[str, ...]
) -> None:
    answer = await center.http.get(f"{URL}-report", params={"language": language}, headers=auditor)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["cache-control"] == "no-store"
    for word in words:
        assert word.lower() in answer.text.lower(), word


async def test_a_time_without_events_is_all_zero(center: Any, auditor: dict[str, str]) -> None:
    await center.client("sunny-home", Scope.CUSTOMER_MATCH)
    period = {"to": "2020-01-01T00:00:00Z"}
    done = (await center.http.get(URL, params=period, headers=auditor)).json()
    assert (done["events"], done["customers"], done["first_at"], done["days"]) == (0, 0, None, [])
    assert done["from"] == "2019-12-02T00:00:00Z"
    page = await center.http.get(f"{URL}-report", params={**period, "language": "en"}, headers=auditor)
    assert "no events in this period" in page.text


@pytest.mark.parametrize(
    "period",
    [
        {"from": "2026-02-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"},
        {"from": "2024-02-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"},
    ],
)
async def test_a_time_that_is_empty_or_longer_than_a_year_is_422(
    center: Any, auditor: dict[str, str], period: dict[str, str]
) -> None:
    await center.client("sunny-home", Scope.CUSTOMER_MATCH)
    answer = await center.http.get(URL, params=period, headers=auditor)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "from")


@pytest.mark.parametrize("path", ["", "-report"])
async def test_nobody_is_404_and_other_scopes_are_403(
    center: Any, auditor: dict[str, str], path: str
) -> None:
    answer = await center.http.get(f"/v1/clients/no-one/activity{path}", headers=auditor)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    admin = await center.bearer("admin", Scope.CLIENT_ADMIN, Scope.CUSTOMER_STEWARD)
    refused = await center.http.get(URL + path, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
