"""What the policy set makes of real people: deaths that are only said, children, and the strict set."""

from typing import Any

import pytest

from app.core.access.scope import Domain, Scope

FUNERAL = (Scope.CUSTOMER_MATCH, Scope.CUSTOMER_REGISTER, Scope.RECORDS_FUNERAL)
CARE = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, Scope.RECORDS_ELDER_CARE)
CHILD = {
    "name": "林小满",
    "gender": "female",
    "birth_date": "2019-05-21",
    "id_type": "resident_id_card",
    "id_number": "110101201905210024",
}


async def asked(
    center: Any, headers: dict[str, str], elements: dict[str, Any], *domains: str, **more: Any
) -> Any:
    access = {"domains": list(domains), "purpose": "TREAT", **more}
    answer = await center.http.post("/v1/match", json={**elements, "access": access}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["access"]


async def why(center: Any, client_id: str) -> list[str]:
    """The true reasons of the client's newest decision."""
    reasons: list[str] = (await center.events(client_id=client_id, kind="access"))[0]["reasons"]
    return reasons


async def test_a_cemetery_cannot_declare_somebody_dead_to_see_their_records(
    center: Any, register: Any, person: Any
) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer(
        "funeral", *FUNERAL, domain=Domain.FUNERAL, systems=frozenset({"funeral", "ash"})
    )
    for system in ("funeral", "ash"):
        said = await center.http.put(
            f"/v1/sources/{system}/customers/F1",
            json={**person, "attributes": {"deceased": True}, "verification": "card_read"},
            headers=headers,
        )
        assert said.status_code == 200, said.text
    affairs = {"purpose": "DECEASED-AFFAIRS"}
    assert (await asked(center, headers, person, "funeral", **affairs))["decision"] == "deny"
    assert await why(center, "funeral") == ["customer_not_deceased"]

    await register("medical", "P1", person, attributes={"deceased": True})
    assert (await asked(center, headers, person, "funeral", **affairs))["decision"] == "permit"


async def test_a_death_closes_care_between_domains_at_once(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL, systems=frozenset({"medical"}))
    assert (await asked(center, headers, person, "elder_care"))["decision"] == "permit"
    await register("medical", "P1", person, attributes={"deceased": True})
    assert (await asked(center, headers, person, "elder_care"))["decision"] == "deny"
    assert await why(center, "hospital") == ["next_of_kin_consent_missing"]
    assert (await asked(center, headers, person, "medical"))["decision"] == "permit"


async def test_a_child_is_treated_but_managed_only_with_the_guardian(center: Any, register: Any) -> None:
    await register("medical", "P1", CHILD)
    headers = await center.bearer("home", *CARE, domain=Domain.ELDER_CARE)
    assert (await asked(center, headers, CHILD, "medical"))["decision"] == "permit"
    assert (await asked(center, headers, CHILD, "medical", purpose="CAREMGT"))["decision"] == "deny"
    assert await why(center, "home") == ["guardian_consent_missing"]


async def test_each_decision_names_the_set_and_the_rules_that_made_it(
    center: Any, register: Any, person: Any
) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL)
    await asked(center, headers, person, "medical", "elder_care")
    (event,) = await center.events(client_id="hospital", kind="access")
    assert event["policy"].startswith("default-")
    assert event["detail"]["client_domain"] == "medical"
    assert event["detail"]["rules"] == "medical:own_domain elder_care:care_between_domains"


@pytest.mark.parametrize("policy", ["strict"])
async def test_the_strict_set_is_one_setting_away(
    center: Any, register: Any, person: Any, policy: str
) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL)
    assert (await asked(center, headers, person, "elder_care"))["decision"] == "deny"
    assert await why(center, "hospital") == ["consent_missing"]
    (event,) = await center.events(client_id="hospital", kind="access")
    assert event["policy"].startswith(policy)
