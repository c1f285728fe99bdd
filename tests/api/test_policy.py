"""The set in words, and past decisions explained over HTTP and from words of the core."""

from typing import Any
from uuid import uuid4

import pytest

from app.adapters.reference.policy import parse_policy
from app.core.access.explanation import WORDS, explain_reasons
from app.core.access.policy import Obstacle
from app.core.access.scope import Domain, Scope

CARE = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, Scope.RECORDS_ELDER_CARE)


async def test_the_set_in_force_is_told_in_words(center: Any) -> None:
    headers = await center.bearer("officer", Scope.POLICY_ADMIN)
    told = (await center.http.get("/v1/policy", headers=headers)).json()
    assert told["version"].startswith("default-")
    assert [rule["code"] for rule in told["rules"]][:2] == ["own_domain", "care_between_domains"]
    assert told["rules"][0]["records"] is None
    assert all(rule["says"] and rule["law"] for rule in told["rules"])


async def test_a_denial_and_a_permit_are_explained(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    hospital = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL)
    for domains, purpose in ((["elder_care"], "TREAT"), (["elder_care", "medical"], "HPAYMT")):
        body = {**person, "access": {"domains": domains, "purpose": purpose}}
        await center.http.post("/v1/match", json=body, headers=hospital)
    denied, permitted = await center.events(kind="access")
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    url = "/v1/policy/explanations"
    why = (await center.http.get(f"{url}/{denied['event_id']}", headers=auditor)).json()
    assert (why["outcome"], why["customer_id"]) == ("deny", customer)
    assert [reason["code"] for reason in why["reasons"]] == ["purpose_not_permitted"]
    assert why["reasons"][0]["says"].startswith("No rule opens")
    assert [(r["domain"], r["rule"] and r["rule"]["code"]) for r in why["rules"]] == [
        ("elder_care", None),
        ("medical", "own_domain"),
    ]
    how = (await center.http.get(f"{url}/{permitted['event_id']}", headers=auditor)).json()
    assert how["reasons"][0]["law"].startswith("PIPL")
    (read, _) = await center.events(kind="audit_read", client_id="auditor")
    assert read["customer_id"] == customer


@pytest.mark.parametrize("known", [True, False])
async def test_what_is_no_decision_is_not_explained(center: Any, person: Any, known: bool) -> None:
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    event_id = (await center.events())[0]["event_id"] if known else uuid4()
    answer = await center.http.get(f"/v1/policy/explanations/{event_id}", headers=auditor)
    assert answer.status_code == 404


def test_every_obstacle_has_words() -> None:
    assert set(WORDS) == set(Obstacle)
    assert explain_reasons(["a_rule_of_long_ago"], None)[0].says is None


async def test_which_set_is_in_force_since_when_is_on_record(center: Any) -> None:
    (event,) = await center.events(kind="policy")
    assert (event["outcome"], event["detail"]["before"]) == ("in_force", None)
    assert event["policy"].startswith("default-")


async def test_the_set_in_force_is_kept_as_it_was_written(center: Any) -> None:
    version = center.services.access.policy.version
    async with center.services.access.explain.units() as unit:
        text = await unit.policies.text(version)
    assert parse_policy(text.encode()).policy == center.services.access.policy
