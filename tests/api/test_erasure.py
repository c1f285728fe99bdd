"""A customer is erased: two clients, and nothing but the ID is left."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core.access.scope import Domain, Scope
from app.services.check_index import CheckIndex
from app.services.operator_log import OperatorLog

Register = Callable[..., Awaitable[str]]


@pytest.fixture
async def two(center: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Who asks, and who confirms."""
    first = await center.bearer("privacy-desk", Scope.DATA_ERASE)
    return first, await center.bearer("privacy-officer", Scope.DATA_ERASE)


@pytest.fixture
def ask(center: Any, two: Any) -> Callable[..., Awaitable[Any]]:
    async def ask(customer_id: str, status: int = 201, **body: Any) -> Any:
        body = {"basis": "consent_withdrawn", **body}
        answer = await center.http.post(f"/v1/customers/{customer_id}/erasures", json=body, headers=two[0])
        assert answer.status_code == status, answer.text
        return answer.json()

    return ask


@pytest.fixture
def confirm(center: Any, two: Any) -> Callable[..., Awaitable[Any]]:
    async def confirm(erasure: Any, status: int = 200, by: int = 1) -> Any:
        url = f"/v1/erasures/{erasure['erasure_id']}/confirm"
        answer = await center.http.post(url, headers=two[by])
        assert answer.status_code == status, answer.text
        return answer.json()

    return confirm


async def test_a_request_says_what_there_is_and_erases_nothing(
    desk: Any, pair: tuple[str, str], ask: Any, center: Any, two: Any
) -> None:
    await desk.merge(*pair)
    asked = await ask(pair[0], reference="DSR-7")
    assert sorted(asked["customer_ids"]) == sorted(pair)
    counts = asked["counts"]
    assert counts["source_records"] == counts["customer_keys"] == 2
    assert counts["blocking_keys"] > 2
    assert counts["identity_decisions"] == 3
    assert await desk.records(pair[0]) == {"P1", "P2"}
    read = await center.http.get(f"/v1/erasures/{asked['erasure_id']}", headers=two[1])
    assert read.json() == asked


async def test_nothing_but_the_id_is_left(
    desk: Any, pair: tuple[str, str], ask: Any, confirm: Any, person: Any, other: Any
) -> None:
    await desk.merge(*pair)
    done = await confirm(await ask(pair[0]))
    assert done["confirmed_by"] == "privacy-officer"
    for customer_id in pair:
        assert (await desk.get(f"/v1/customers/{customer_id}", 410))["code"] == "customer_erased"
        before = {"at": "2199-01-01T00:00:00Z"}
        assert (await desk.get(f"/v1/customers/{customer_id}", 410, **before))["code"] == "customer_erased"
    assert (await desk.get("/v1/sources/medical/customers/P1", 404))["code"] == "not_found"
    for elements in (person, other):
        assert (await desk.post("/v1/match", **elements))["outcome"] == "no_match"
    assert ("erased", pair[0], None) in await desk.changes()
    feed = (await desk.get("/v1/changes"))["items"]
    assert [c["local_id"] for c in feed if c["kind"] == "created"] == [None, None]
    assert sorted(next(c for c in feed if c["kind"] == "erased")["homes"]) == sorted(pair)


async def test_the_same_person_is_somebody_new_later(
    desk: Any, pair: tuple[str, str], ask: Any, confirm: Any, register: Register, person: Any
) -> None:
    await confirm(await ask(pair[0]))
    again = await register("medical", "P1", person)
    assert again not in pair
    assert await desk.records(again) == {"P1"}
    assert (await desk.get(f"/v1/customers/{pair[0]}", 410))["code"] == "customer_erased"


async def test_it_takes_two(pair: tuple[str, str], ask: Any, confirm: Any, center: Any) -> None:
    asked = await ask(pair[0])
    assert (await confirm(asked, 403, by=0))["code"] == "second_client_needed"
    (denied,) = await center.events(kind="erasure", outcome="deny")
    assert denied["reasons"] == ["second_client_needed"]
    await confirm(asked)
    assert (await confirm(asked, 409))["code"] == "not_possible"
    assert (await ask(pair[0], 410))["code"] == "customer_erased"


async def test_every_step_is_an_event_of_everybody_it_concerns(
    desk: Any, pair: tuple[str, str], ask: Any, confirm: Any, center: Any
) -> None:
    await desk.merge(*pair)
    asked = await ask(pair[0], reference="DSR-7")
    await confirm(asked)
    events = await center.events(kind="erasure")
    assert sorted((e["outcome"], e["customer_id"]) for e in events) == sorted(
        (outcome, customer_id) for outcome in ("requested", "erased") for customer_id in pair
    )
    detail = {"erasure_id": asked["erasure_id"], "basis": "consent_withdrawn", "reference": "DSR-7"}
    assert all(event["detail"] == detail for event in events)


async def test_who_changed_since_is_not_erased(
    desk: Any, pair: tuple[str, str], ask: Any, confirm: Any
) -> None:
    asked = await ask(pair[0])
    await desk.merge(*pair)
    assert (await confirm(asked, 409))["code"] == "not_possible"
    assert await desk.records(pair[0]) == {"P1", "P2"}


async def test_a_request_expires(
    pair: tuple[str, str], ask: Any, confirm: Any, center: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await ask(pair[0])
    clock = center.services.erasures.of_customer.stewardship.clock
    now = clock.now()
    monkeypatch.setattr(type(clock), "now", lambda _: now + timedelta(days=7, seconds=1))
    fresh = await center.bearer("later", Scope.DATA_ERASE)
    url = f"/v1/erasures/{asked['erasure_id']}/confirm"
    answer = await center.http.post(url, headers=fresh)
    assert answer.status_code == 409, answer.text
    assert "expired" in answer.json()["detail"]


async def test_a_merged_customer_is_asked_for_under_their_id_of_today(
    desk: Any, pair: tuple[str, str], ask: Any
) -> None:
    await desk.merge(*pair)
    assert pair[0] in (await ask(pair[1], 409))["detail"]


async def test_only_who_knows_every_source_system_erases(
    pair: tuple[str, str], center: Any, register: Register, person: Any
) -> None:
    await register("elder_care", "E1", person)
    headers = await center.bearer("ward", Scope.DATA_ERASE, systems=("medical",))
    body = {"basis": "other_law"}
    answer = await center.http.post(f"/v1/customers/{pair[0]}/erasures", json=body, headers=headers)
    assert answer.json()["code"] == "source_system_not_allowed"


@pytest.mark.parametrize(
    "body", [{}, {"basis": "because"}, {"basis": "other_law", "reference": "王丽华's case"}, {"basis": 1}]
)
async def test_a_basis_is_one_of_the_laws_and_a_reference_no_free_text(
    pair: tuple[str, str], center: Any, two: Any, body: Any
) -> None:
    url = f"/v1/customers/{pair[0]}/erasures"
    answer = await center.http.post(url, json=body, headers=two[0])
    assert answer.status_code == 422
    assert "王" not in answer.text


async def test_a_token_of_an_erased_customer_is_dead(
    center: Any, register: Register, person: Any, ask: Any, confirm: Any
) -> None:
    customer_id = await register("medical", "P1", person)
    scopes = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL)
    partner = await center.bearer("hospital", *scopes, domain=Domain.ELDER_CARE)
    access = {"access": {"domains": ["medical"], "purpose": "TREAT"}}
    matched = await center.http.post("/v1/match", json={**person, **access}, headers=partner)
    bound = {"Authorization": f"Bearer {matched.json()['access']['access_token']}"}
    await confirm(await ask(customer_id))
    answer = await center.http.get(f"/v1/customers/{customer_id}/records/medical", headers=bound)
    assert answer.status_code == 401, answer.text


async def test_an_erased_customer_is_neither_merged_nor_brought_back(
    desk: Any, pair: tuple[str, str], ask: Any, confirm: Any, register: Register, person: Any
) -> None:
    third = await register("medical", "P3", {**person, "name": "司马相如", "id_number": "320102197106053429"})
    merge = await desk.merge(*pair)
    await confirm(await ask(pair[0]))
    assert (await desk.merge(third, pair[0], 410))["code"] == "customer_erased"
    assert (await desk.undo(merge, 410))["code"] == "customer_erased"


async def test_the_index_still_follows_from_its_ledger(
    desk: Any, pair: tuple[str, str], ask: Any, confirm: Any, center: Any, register: Register, person: Any
) -> None:
    await register("elder_care", "E1", {**person, "id_number": None, "name": "王莉华"})
    await desk.merge(*pair)
    await confirm(await ask(pair[0]))
    stewardship = center.services.erasures.of_customer.stewardship
    log = OperatorLog(stewardship.units, stewardship.clock, stewardship.ids)
    check = await CheckIndex(stewardship.units, log)("test")
    assert check.differences == ()


async def test_the_register_holds_ids_and_times_alone(
    desk: Any, pair: tuple[str, str], ask: Any, confirm: Any, tmp_path: Any
) -> None:
    await desk.merge(*pair)
    done = await confirm(await ask(pair[0]))
    lines = (tmp_path / "erasures.ndjson").read_text().splitlines()
    assert [sorted(json.loads(line)) for line in lines] == [["at", "customer_id"]] * 2
    assert {json.loads(line)["customer_id"] for line in lines} == set(done["customer_ids"])
