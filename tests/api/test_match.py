"""POST /v1/match: outcomes, explanation, access, least disclosure."""

from typing import Any

import pytest

from app.api.metrics import latency_of
from app.core.access.scope import Domain, Scope
from tests.people import OUYANG

CARE = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, Scope.RECORDS_ELDER_CARE)
ACCESS = {"domains": ["medical"], "purpose": "TREAT"}


async def test_the_same_elements_are_an_exact_match(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    answer = (await center.http.post("/v1/match", json=person, headers=headers)).json()
    assert answer["outcome"] == "match"
    assert answer["grade"] == "certain"
    assert answer["method"] == "exact"
    assert answer["customer_id"] == customer
    assert "candidates" not in answer
    assert "access" not in answer


async def test_how_long_a_match_took_is_counted_under_its_route(center: Any, person: Any) -> None:
    """The console's chart and `/metrics` read it there."""
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    before = sum(latency_of("/v1/match").counts[-1:])
    (await center.http.post("/v1/match", json=person, headers=headers)).raise_for_status()
    assert latency_of("/v1/match").counts[-1] == before + 1


async def test_a_homophone_is_a_fuzzy_match(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    answer = (await center.http.post("/v1/match", json={**person, "name": "王立华"}, headers=headers)).json()
    assert (answer["outcome"], answer["method"], answer["customer_id"]) == ("match", "fuzzy", customer)


async def test_name_and_date_alone_are_a_review_without_the_id(
    center: Any, register: Any, person: Any
) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    asked = {**person, "id_type": None, "id_number": None}
    answer = (await center.http.post("/v1/match", json=asked, headers=headers)).json()
    assert (answer["outcome"], answer["customer_id"]) == ("review", None)


async def test_an_explanation_masks_what_is_stored(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH, Scope.MATCH_EXPLAIN)
    answer = await center.http.post("/v1/match?explain=true", json=person, headers=headers)
    (candidate,) = answer.json()["candidates"]
    assert {c["element"] for c in candidate["comparisons"]} == {"name", "gender", "birth_date", "document"}
    stored = {c["element"]: c["stored"] for c in candidate["comparisons"]}
    assert stored["name"] != person["name"]
    assert stored["document"] != person["id_number"]
    assert all(c["why"] for c in candidate["comparisons"])


async def test_a_steward_sees_stored_values_in_clear(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    scopes = (Scope.CUSTOMER_MATCH, Scope.MATCH_EXPLAIN, Scope.CUSTOMER_STEWARD)
    headers = await center.bearer("steward", *scopes)
    answer = await center.http.post("/v1/match?explain=true", json=person, headers=headers)
    comparisons = answer.json()["candidates"][0]["comparisons"]
    assert {c["element"]: c["stored"] for c in comparisons}["name"] == person["name"]


async def test_an_explanation_needs_its_scope(center: Any, person: Any) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    answer = await center.http.post("/v1/match?explain=true", json=person, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient_scope"
    (event,) = await center.events(client_id="partner", outcome="deny")
    assert event["reasons"] == ["insufficient_scope"]


async def test_a_permit_brings_a_customer_bound_token_and_its_events(
    center: Any, register: Any, person: Any
) -> None:
    customer = await register("medical", "P1", person)
    headers = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL)
    body = {**person, "access": {"domains": ["medical", "elder_care"], "purpose": "TREAT"}}
    access = (await center.http.post("/v1/match", json=body, headers=headers)).json()["access"]
    assert access["decision"] == "permit"
    assert access["token_type"] == "Bearer"
    assert access["expires_in"] == 300
    assert access["authorization_details"] == [
        {
            "type": "customer_records",
            "customer_id": customer,
            "domains": ["medical", "elder_care"],
            "purpose": "TREAT",
        }
    ]
    (event,) = await center.events(client_id="hospital", kind="access")
    assert (event["outcome"], event["customer_id"], event["purpose"]) == ("permit", customer, "TREAT")
    assert event["domains"] == ["medical", "elder_care"]
    assert event["token_id"]
    assert event["policy"]


async def test_an_emergency_lives_shorter(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL)
    access = {"domains": ["elder_care"], "purpose": "ETREAT", "reason": "unconscious on arrival"}
    answer = await center.http.post("/v1/match", json={**person, "access": access}, headers=headers)
    assert answer.json()["access"]["expires_in"] == 120
    (event,) = await center.events(client_id="hospital", kind="access")
    assert event["reasons"] == ["emergency_access"]
    assert event["statement"] == "unconscious on arrival"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param(OUYANG, "match_not_certain", id="no such customer"),
        pytest.param({"id_type": None, "id_number": None}, "match_not_certain", id="doubtful"),
        pytest.param({}, "purpose_not_permitted", id="not permitted"),
    ],
)
async def test_refusals_cannot_be_told_apart(
    center: Any, register: Any, person: Any, asked: dict[str, Any], reason: str
) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL)
    purpose = "DECEASED-AFFAIRS" if not asked else "TREAT"
    body = {**person, **asked, "access": {"domains": ["medical"], "purpose": purpose}}
    answer = await center.http.post("/v1/match", json=body, headers=headers)
    assert answer.status_code == 200
    said = answer.json()
    assert said.pop("match_id")
    assert said.pop("model")
    assert said == {
        "outcome": "no_match",
        "grade": "certainly-not",
        "method": None,
        "customer_id": None,
        "flags": [],
        "access": {"decision": "deny", "reasons": ["not_available"]},
    }
    (event,) = await center.events(client_id="hospital", kind="access")
    assert event["outcome"] == "deny"
    assert reason in event["reasons"]


async def test_a_missing_records_scope_is_the_same_refusal(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", Scope.CUSTOMER_MATCH, domain=Domain.MEDICAL)
    answer = await center.http.post("/v1/match", json={**person, "access": ACCESS}, headers=headers)
    assert answer.json()["access"] == {"decision": "deny", "reasons": ["not_available"]}
    (event,) = await center.events(client_id="hospital", kind="access")
    assert event["reasons"] == ["scope_missing"]


async def test_no_element_stands_in_the_log(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    await center.http.post("/v1/match", json=person, headers=headers)
    log = str(await center.events())
    assert all(value not in log for value in (person["name"], person["birth_date"], person["id_number"]))
