"""Basic data in, golden record with provenance out."""

from typing import Any

import pytest

from app.core.access.scope import Scope

ATTRIBUTES = {
    "phones": ["13800138000", {"value": "010-62345678", "kind": "home", "verification": "document_seen"}],
    "nationality": "CN",
    "ethnicity": {"value": "汉族", "verification": "card_read"},
}


async def test_a_customer_shows_basic_data_and_where_it_came_from(
    center: Any, register: Any, person: Any
) -> None:
    customer = await register("medical", "P1", person, verification="card_read", attributes=ATTRIBUTES)
    await register("elder_care", "E1", {**person, "name": "王麗華"})
    headers = await center.bearer("reader", Scope.CUSTOMER_READ)
    answer = (await center.http.get(f"/v1/customers/{customer}", headers=headers)).json()
    assert answer["elements"]["name"] == "王丽华"
    name = answer["provenance"]["name"]
    assert (name["source_system"], name["local_id"]) == ("medical", "P1")
    assert (name["verification"], name["rule"]) == ("card_read", "verification")
    assert answer["provenance"]["id_number"]["rule"] == "only_value"
    assert [(p["value"], p["kind"]) for p in answer["attributes"]["phones"]] == [
        ("01062345678", "home"),
        ("+8613800138000", None),
    ]
    assert answer["attributes"]["ethnicity"][0]["value"] == "01"


async def test_a_bound_client_does_not_learn_of_other_systems(
    center: Any, register: Any, person: Any
) -> None:
    said = {**ATTRIBUTES, "deceased": True}
    customer = await register("medical", "P1", person, verification="card_read", attributes=said)
    theirs = {**person, "name": "王麗華", "gender": None}
    assert await register("elder_care", "E1", theirs, attributes={"phones": ["13900139000"]}) == customer
    home = await center.bearer("home", Scope.CUSTOMER_READ, systems=frozenset({"elder_care"}))
    keeper = await center.bearer("keeper", Scope.CUSTOMER_READ)
    url = f"/v1/customers/{customer}"
    for query in ({}, {"at": "2199-01-01T00:00:00Z"}):
        answer = await center.http.get(url, params=query, headers=home)
        seen = answer.json()
        assert (seen["elements"]["name"], seen["elements"]["gender"]) == ("王麗華", None)
        assert [phone["value"] for phone in seen["attributes"]["phones"]] == ["+8613900139000"]
        assert set(seen["attributes"]) == {"phones"}
        assert seen["deceased"] is False, "another system's word, and theirs to tell"
        assert {p["source_system"] for p in seen["provenance"].values()} == {"elder_care"}
        for secret in ("P1", "medical", "13800138000", "62345678", "王丽华"):
            assert secret not in answer.text
        whole = (await center.http.get(url, params=query, headers=keeper)).json()
        assert (whole["elements"]["name"], whole["deceased"]) == ("王丽华", True)
        assert len(whole["attributes"]["phones"]) == 3


async def test_attributes_stay_until_others_are_sent(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person, attributes=ATTRIBUTES)
    await register("medical", "P1", {**person, "name": "王立华"})
    headers = await center.bearer("reader", Scope.CUSTOMER_READ)

    async def read() -> Any:
        return (await center.http.get(f"/v1/customers/{customer}", headers=headers)).json()

    assert "phones" in (await read())["attributes"]
    await register("medical", "P1", person, attributes={"deceased": True})
    assert "phones" in (await read())["attributes"]
    assert (await read())["deceased"] is True
    await register("medical", "P1", person, attributes={"phones": None})
    assert (await read())["attributes"] == {}


async def test_who_has_a_date_of_death_is_dead(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person, attributes={"deceased_date": "2026-03-01"})
    headers = await center.bearer("reader", Scope.CUSTOMER_READ)
    answer = (await center.http.get(f"/v1/customers/{customer}", headers=headers)).json()
    assert answer["deceased"] is True
    assert answer["attributes"]["deceased_date"][0]["value"] == "2026-03-01"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"attributes": {"phones": "secret-not-a-number"}}, "attributes.phones"),
        ({"attributes": {"deceased": False, "deceased_date": "2026-03-01"}}, "attributes.deceased_date"),
        ({"attributes": {"hobbies": "secret"}}, "attributes"),
        ({"verification": "secret"}, "verification"),
    ],
)
async def test_bad_basic_data_is_refused_by_field(center: Any, person: Any, more: Any, field: str) -> None:
    headers = await center.bearer("hospital", Scope.CUSTOMER_REGISTER)
    url = "/v1/sources/medical/customers/P1"
    answer = await center.http.put(url, json={**person, **more}, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]
    assert "secret" not in answer.text
