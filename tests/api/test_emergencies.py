"""Accesses in an emergency over HTTP: listed from the moment of the permit, judged once, by somebody else."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from app.core.access.emergency import EmergencyFilter, EmergencyVerdict
from app.core.access.scope import Domain, Scope
from app.services.ports import Conflict

CARE = (Scope.CUSTOMER_MATCH, Scope.RECORDS_ELDER_CARE, Scope.RECORDS_MEDICAL)
URL = "/v1/emergency-accesses"
REASON = "unconscious on arrival"
NOTE = "The ward's file of that night shows the admission."
Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
async def officer(center: Any) -> dict[str, str]:
    headers: dict[str, str] = await center.bearer("officer", Scope.AUDIT_READ, Scope.POLICY_ADMIN)
    return headers


@pytest.fixture
async def emergency(center: Any, register: Any, person: Any) -> Ask:
    """Asks for somebody's records in an emergency; the answer's `access`."""
    await register("medical", "P1", person)
    bearers: dict[str, dict[str, str]] = {}

    async def ask(client_id: str = "hospital", *more: Scope, **changed: Any) -> Any:
        if client_id not in bearers:
            bearers[client_id] = await center.bearer(client_id, *CARE, *more, domain=Domain.MEDICAL)
        access = {"domains": ["elder_care"], "purpose": "ETREAT", "reason": REASON, **changed}
        body = {**person, "access": access}
        answer = await center.http.post("/v1/match", json=body, headers=bearers[client_id])
        assert answer.status_code == 200, answer.text
        return {**answer.json()["access"], "headers": bearers[client_id]}

    return ask


async def listed(center: Any, headers: Any, **query: Any) -> list[dict[str, Any]]:
    answer = await center.http.get(URL, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def judge(center: Any, headers: Any, event_id: str, status: int = 200, **body: Any) -> Any:
    body = {"verdict": "justified", "note": NOTE, **body}
    answer = await center.http.post(f"{URL}/{event_id}/verdict", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_an_emergency_waits_for_a_verdict_from_its_permit_on(
    center: Any, officer: Any, emergency: Ask
) -> None:
    await emergency(purpose="TREAT", reason=None)
    assert await listed(center, officer) == []
    given = await emergency()
    (waiting,) = await listed(center, officer, decided=False)
    (event,) = await center.events(kind="access", purpose="ETREAT")
    assert waiting["event_id"] == event["event_id"]
    assert waiting["customer_id"] == given["authorization_details"][0]["customer_id"]
    assert (waiting["client_id"], waiting["actor"], waiting["domains"]) == ("hospital", None, ["elder_care"])
    assert (waiting["reason"], waiting["verdict"]) == (REASON, None)
    (read, *_) = await center.events(client_id="officer", kind="audit_read")
    assert read["detail"] == {"what": "emergency_accesses"}


async def test_an_emergency_that_was_denied_waits_for_nothing(
    center: Any, officer: Any, emergency: Ask, person: Any
) -> None:
    person["id_number"] = "110101199003070038"
    assert (await emergency())["decision"] == "deny"
    assert await listed(center, officer) == []


@pytest.mark.parametrize("verdict", ["justified", "unjustified"])
async def test_a_verdict_is_a_decision_on_record_and_shown(
    center: Any, officer: Any, emergency: Ask, verdict: str
) -> None:
    await emergency()
    (waiting,) = await listed(center, officer)
    judged = await judge(center, officer, waiting["event_id"], verdict=verdict)
    assert judged["reason"] is None, "reading the reason takes another scope"
    (event,) = await center.events(kind="emergency_review")
    assert (event["outcome"], event["client_id"], event["statement"]) == (verdict, "officer", NOTE)
    assert event["customer_id"] == waiting["customer_id"]
    assert event["detail"] == {"event_id": waiting["event_id"], "client": "hospital"}
    (shown,) = await listed(center, officer, decided=True)
    assert shown == {**judged, "reason": REASON}
    assert shown["verdict"] == {
        "verdict": verdict,
        "note": NOTE,
        "decided_at": event["at"],
        "decided_by": "officer",
        "event_id": event["event_id"],
    }
    assert await listed(center, officer, decided=False) == []


async def test_the_same_verdict_again_changes_nothing_and_another_is_refused(
    center: Any, officer: Any, emergency: Ask
) -> None:
    await emergency()
    (waiting,) = await listed(center, officer)
    first = await judge(center, officer, waiting["event_id"])
    assert await judge(center, officer, waiting["event_id"], note="another note") == first
    refused = await judge(center, officer, waiting["event_id"], 409, verdict="unjustified")
    assert refused["code"] == "not_possible"
    assert len(await center.events(kind="emergency_review")) == 1


async def test_nobody_judges_their_own_access(center: Any, officer: Any, emergency: Ask) -> None:
    own = (await emergency("both", Scope.POLICY_ADMIN))["headers"]
    (waiting,) = await listed(center, officer)
    refused = await judge(center, own, waiting["event_id"], 403)
    assert refused["code"] == "own_access"
    (event,) = await center.events(kind="emergency_review")
    assert (event["outcome"], event["client_id"], event["reasons"]) == ("deny", "both", ["own_access"])
    assert event["customer_id"] == waiting["customer_id"]
    assert (await listed(center, officer))[0]["verdict"] is None
    await judge(center, officer, waiting["event_id"])


async def test_an_auditor_reads_and_does_not_judge(center: Any, emergency: Ask) -> None:
    await emergency()
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    (waiting,) = await listed(center, auditor)
    refused = await judge(center, auditor, waiting["event_id"], 403)
    assert refused["code"] == "insufficient_scope"


@pytest.mark.parametrize("note", ["", "  ", "x" * 501, None])
async def test_a_verdict_says_why(center: Any, officer: Any, emergency: Ask, note: Any) -> None:
    await emergency()
    (waiting,) = await listed(center, officer)
    refused = await judge(center, officer, waiting["event_id"], 422, note=note)
    assert [error["field"] for error in refused["errors"]] == ["note"]
    assert await listed(center, officer, decided=True) == []


async def test_what_is_no_emergency_is_not_found(center: Any, officer: Any, emergency: Ask) -> None:
    await emergency(purpose="TREAT", reason=None)
    (permit,) = await center.events(kind="access")
    refused = await judge(center, officer, permit["event_id"], 404)
    assert refused["code"] == "not_found"


async def test_filters_combine_and_pages_follow_each_other(center: Any, officer: Any, emergency: Ask) -> None:
    for client_id in ("one", "two", "three"):
        await emergency(client_id)
    first = (await center.http.get(URL, params={"limit": 2}, headers=officer)).json()
    assert [item["client_id"] for item in first["items"]] == ["three", "two"]
    (last,) = await listed(center, officer, limit=2, cursor=first["next"])
    assert last["client_id"] == "one"
    await judge(center, officer, last["event_id"])
    assert await listed(center, officer, client_id="one", decided=False) == []
    assert [i["client_id"] for i in await listed(center, officer, decided=False)] == ["three", "two"]
    assert [i["client_id"] for i in await listed(center, officer, client_id="two")] == ["two"]
    assert await listed(center, officer, to="2026-01-01T00:00:00Z") == []
    assert len(await listed(center, officer, **{"from": "2026-01-01T00:00:00Z"})) == 3
    assert await listed(center, officer, **{"from": "2199-01-01T00:00:00Z"}) == []


async def test_of_two_verdicts_at_once_one_stands(center: Any, officer: Any, emergency: Ask) -> None:
    await emergency()
    units = center.services.access.emergencies.units
    (waiting,) = await listed(center, officer)
    async with units() as unit:
        (stored,) = await unit.emergencies.list(EmergencyFilter(), None, 1)
        await judge(center, officer, waiting["event_id"])
        unit.emergencies.decide(replace(stored, verdict=EmergencyVerdict.UNJUSTIFIED, decided_by="another"))
        with pytest.raises(Conflict):
            await unit.commit()
    assert (await listed(center, officer))[0]["verdict"]["decided_by"] == "officer"


async def test_what_an_erasure_or_retention_took_is_not_told(
    center: Any, officer: Any, emergency: Ask
) -> None:
    given = await emergency()
    erasing = {c: await center.bearer(c, Scope.DATA_ERASE) for c in ("first", "second")}
    customer_id = given["authorization_details"][0]["customer_id"]
    asked = await center.http.post(
        f"/v1/customers/{customer_id}/erasures",
        json={"basis": "consent_withdrawn"},
        headers=erasing["first"],
    )
    url = f"/v1/erasures/{asked.json()['erasure_id']}/confirm"
    assert (await center.http.post(url, headers=erasing["second"])).status_code == 200
    (waiting,) = await listed(center, officer)
    assert waiting["reason"] is None
    judged = await judge(center, officer, waiting["event_id"])
    assert judged["verdict"]["verdict"] == "justified"
    (shown,) = await listed(center, officer)
    assert shown["verdict"]["note"] is None, "its key was never stored"
