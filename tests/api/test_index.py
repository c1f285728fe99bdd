"""Source records, cross-references and customers."""

import asyncio
from typing import Any

import pytest

from app.core.access.scope import Domain, Scope
from tests.people import OUYANG

URL = "/v1/sources/medical/customers/P1"


async def test_a_new_person_is_created_and_the_same_again_changes_nothing(center: Any, person: Any) -> None:
    headers = await center.bearer("hospital", Scope.CUSTOMER_REGISTER, Scope.CUSTOMER_READ)
    first = (await center.http.put(URL, json=person, headers=headers)).json()
    again = (await center.http.put(URL, json=person, headers=headers)).json()
    assert first["outcome"] == "created"
    assert again == {"customer_id": first["customer_id"], "outcome": "linked"}
    assert (await center.http.get(URL, headers=headers)).json() == {
        "source_system": "medical",
        "local_id": "P1",
        "customer_id": first["customer_id"],
    }


async def test_the_same_person_of_another_system_is_linked(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    assert await register("elder_care", "E1", {**person, "birth_date": "1980/2/29"}) == customer


async def test_a_doubtful_person_is_new_with_a_review(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    headers = await center.bearer("home", Scope.CUSTOMER_REGISTER)
    doubtful = {**person, "id_type": None, "id_number": None}
    answer = await center.http.put("/v1/sources/elder_care/customers/E1", json=doubtful, headers=headers)
    assert answer.json()["outcome"] == "review"
    assert answer.json()["customer_id"] != customer


async def test_a_correction_stays_with_its_customer(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    assert await register("medical", "P1", {**person, "name": "王立华"}) == customer


async def test_a_local_id_given_to_somebody_else_leaves_its_customer(
    center: Any, register: Any, person: Any
) -> None:
    customer = await register("medical", "P1", person)
    assert await register("medical", "P1", OUYANG) != customer


async def test_eight_posts_of_one_new_person_make_one_customer(center: Any, person: Any) -> None:
    """Twenty times: what two of eight could do to each other does not happen each time."""
    headers = await center.bearer("hospital", Scope.CUSTOMER_REGISTER)
    made: list[str] = []
    for number in range(20):
        someone = {**person, "id_type": "passport", "id_number": f"E{7919 * number + 10_000_019}"}
        someone |= {"name": "王李张刘陈杨黄吴赵周"[number % 10] + "丽建"[number // 10] + "华"}
        someone |= {"birth_date": f"{1950 + number}-0{number % 9 + 1}-1{number % 7}"}
        urls = [f"/v1/sources/medical/customers/R{number}-{n}" for n in range(8)]
        answers = await asyncio.gather(*(center.http.put(u, json=someone, headers=headers) for u in urls))
        assert {a.status_code for a in answers} == {200}
        assert sorted(a.json()["outcome"] for a in answers) == ["created", *["linked"] * 7]
        made += {a.json()["customer_id"] for a in answers}
    assert len(made) == len(set(made)) == 20


async def test_a_client_registers_and_reads_only_its_own_systems(center: Any, person: Any) -> None:
    scopes = (Scope.CUSTOMER_REGISTER, Scope.CUSTOMER_READ)
    headers = await center.bearer("home", *scopes, domain=Domain.ELDER_CARE, systems=None)
    assert (await center.http.put(URL, json=person, headers=headers)).status_code == 403
    assert (await center.http.get(URL, headers=headers)).status_code == 403
    own = await center.http.put("/v1/sources/elder_care/customers/E1", json=person, headers=headers)
    assert own.status_code == 200
    denials = await center.events(client_id="home", outcome="deny")
    assert [e["reasons"] for e in denials] == [["source_system_not_allowed"]] * 2


async def test_a_customer_shows_golden_record_and_cross_references(
    center: Any, register: Any, person: Any
) -> None:
    customer = await register("medical", "P1", person)
    await register("elder_care", "E1", person)
    headers = await center.bearer("reader", Scope.CUSTOMER_READ)
    answer = (await center.http.get(f"/v1/customers/{customer}", headers=headers)).json()
    assert answer["elements"] == person
    assert {(r["source_system"], r["local_id"]) for r in answer["cross_references"]} == {
        ("medical", "P1"),
        ("elder_care", "E1"),
    }


async def test_a_bound_client_sees_only_its_own_cross_references(
    center: Any, register: Any, person: Any
) -> None:
    customer = await register("medical", "P1", person)
    await register("elder_care", "E1", person)
    headers = await center.bearer("home", Scope.CUSTOMER_READ, systems=frozenset({"elder_care"}))
    answer = (await center.http.get(f"/v1/customers/{customer}", headers=headers)).json()
    assert [r["source_system"] for r in answer["cross_references"]] == ["elder_care"]
    headers = await center.bearer("cemetery", Scope.CUSTOMER_READ, systems=frozenset({"funeral"}))
    assert (await center.http.get(f"/v1/customers/{customer}", headers=headers)).status_code == 403


@pytest.mark.parametrize("customer_id", ["nobody", "C0000000000000000A", "%00", "王"])
async def test_an_unknown_or_malformed_customer_is_404(center: Any, customer_id: str) -> None:
    headers = await center.bearer("reader", Scope.CUSTOMER_READ)
    answer = await center.http.get(f"/v1/customers/{customer_id}", headers=headers)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("local_id", ["x" * 129, "%00", "a%0Ab", "%20"])
async def test_a_local_id_that_cannot_be_is_422(center: Any, person: Any, local_id: str) -> None:
    headers = await center.bearer("hospital", Scope.CUSTOMER_REGISTER)
    url = f"/v1/sources/medical/customers/{local_id}"
    answer = await center.http.put(url, json=person, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["local_id"]


async def test_a_number_that_comes_later_brings_the_record_to_its_customer(
    center: Any, register: Any, person: Any
) -> None:
    customer = await register("medical", "P1", person)
    doubtful = {**person, "id_type": None, "id_number": None}
    assert await register("elder_care", "E1", doubtful) != customer
    assert await register("elder_care", "E1", person) == customer
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    answer = (await center.http.post("/v1/match", json=person, headers=headers)).json()
    assert (answer["outcome"], answer["customer_id"]) == ("match", customer)
