"""Taking records in."""

import asyncio
from typing import Any

import pytest


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_one_record_and_then_the_same_again(hdc: Any, cdc: Any, encounter: Any) -> None:
    first = await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    again = await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["items"][0]["outcome"] == "created"
    assert again.json()["items"][0] == {**first.json()["items"][0], "outcome": "unchanged"}


async def test_a_correction_replaces_what_was_said(hdc: Any, cdc: Any, encounter: Any) -> None:
    await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    changed = await hdc.post("/v1/records", json=encounter(department="急诊"), headers=bearer(cdc.token()))
    assert changed.json()["items"][0]["outcome"] == "updated"
    token = cdc.bound_token("CA", "medical")
    page = (await hdc.get("/v1/customers/CA/records/medical", headers=bearer(token))).json()
    assert [item["department"] for item in page["items"]] == ["急诊"]


async def test_a_batch_answers_in_its_own_order(hdc: Any, cdc: Any, encounter: Any) -> None:
    items = [encounter(n) for n in (9, 3, 27, 1)]
    answer = await hdc.post("/v1/records", json={"items": items}, headers=bearer(cdc.token()))
    assert [item["source_id"] for item in answer.json()["items"]] == ["E9", "E3", "E27", "E1"]


async def test_another_client_cannot_change_a_record(hdc: Any, cdc: Any, encounter: Any, rows: Any) -> None:
    await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    other = cdc.token(sub="clinic", client_id="clinic")
    batch = {"items": [encounter(2), encounter(1, department="急诊")]}
    refused = await hdc.post("/v1/records", json=batch, headers=bearer(other))
    assert refused.status_code == 409
    fields = [error["field"] for error in refused.json()["errors"]]
    assert fields == ["items[0].source_id", "items[1].source_id"]
    assert len(await rows("SELECT * FROM records")) == 1
    events = await rows("SELECT * FROM access_events WHERE client_id = 'clinic'")
    assert [event["outcome"] for event in events] == ["deny"]


async def test_a_source_system_is_the_clients_that_wrote_for_it_first(
    hdc: Any, cdc: Any, encounter: Any, rows: Any
) -> None:
    await hdc.post("/v1/records", json=encounter(5), headers=bearer(cdc.token()))
    other = cdc.token(sub="clinic", client_id="clinic")
    for number in (1, 9):
        refused = await hdc.post("/v1/records", json=encounter(number), headers=bearer(other))
        assert refused.status_code == 409
    own = {**encounter(1), "source_system": "clinic-his"}
    assert (await hdc.post("/v1/records", json=own, headers=bearer(other))).status_code == 201
    more = await hdc.post("/v1/records", json=encounter(1), headers=bearer(cdc.token()))
    assert more.status_code == 201
    written = await rows("SELECT source_system, written_by FROM records ORDER BY source_system")
    assert {(row["source_system"], row["written_by"]) for row in written} == {
        ("clinic-his", "clinic"),
        ("his", written[-1]["written_by"]),
    }


async def test_a_record_keeps_its_kind(hdc: Any, cdc: Any, encounter: Any) -> None:
    await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    plan = {k: v for k, v in encounter().items() if k not in ("encounter_class", "facility", "department")}
    plan |= {"domain": "elder_care", "kind": "care_plan", "goals": ["走路"], "measures": ["每日练习"]}
    answer = await hdc.post("/v1/records", json=plan, headers=bearer(cdc.token()))
    assert answer.status_code == 409


async def test_each_domain_takes_its_scope(hdc: Any, cdc: Any, encounter: Any, rows: Any) -> None:
    token = cdc.token(scope="records:write records:funeral")
    answer = await hdc.post("/v1/records", json=encounter(), headers=bearer(token))
    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient_scope"
    assert 'scope="records:medical"' in answer.headers["www-authenticate"]
    assert await rows("SELECT * FROM records") == []
    assert [e["outcome"] for e in await rows("SELECT * FROM access_events")] == ["deny"]


async def test_writing_takes_records_write(hdc: Any, cdc: Any, encounter: Any) -> None:
    token = cdc.token(scope="customer:match records:medical")
    assert (await hdc.post("/v1/records", json=encounter(), headers=bearer(token))).status_code == 403


async def test_all_or_none_and_every_fault_is_named(hdc: Any, cdc: Any, encounter: Any, rows: Any) -> None:
    items = [encounter(1), encounter(2, occurred_at="yesterday"), encounter(3, secret_field="泄露"), 7]
    items.append(encounter(4, kind="泄露"))
    answer = await hdc.post("/v1/records", json={"items": items}, headers=bearer(cdc.token()))
    assert answer.status_code == 422
    fields = [error["field"] for error in answer.json()["errors"]]
    assert fields == ["items[1].occurred_at", "items[2]", "items[3]", "items[4].kind"]
    assert "泄露" not in answer.text
    assert "secret_field" not in answer.text
    assert await rows("SELECT * FROM records") == []


@pytest.mark.parametrize("items", [[], [1] * 1001, "many", None, {}])
async def test_a_batch_has_its_bounds(hdc: Any, cdc: Any, items: Any) -> None:
    answer = await hdc.post("/v1/records", json={"items": items}, headers=bearer(cdc.token()))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "items"


async def test_a_record_twice_in_a_request(hdc: Any, cdc: Any, encounter: Any) -> None:
    batch = {"items": [encounter(), encounter()]}
    answer = await hdc.post("/v1/records", json=batch, headers=bearer(cdc.token()))
    assert answer.json()["errors"][0]["field"] == "items[1].source_id"


async def test_eight_at_once_store_each_record_once(hdc: Any, cdc: Any, encounter: Any, rows: Any) -> None:
    token = cdc.token()
    batches = [{"items": [encounter(n) for n in range(i, i + 10)]} for i in (1, 5, 1, 5, 3, 3, 1, 5)]
    posts = (hdc.post("/v1/records", json=batch, headers=bearer(token)) for batch in batches)
    answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} <= {200, 201}
    outcomes = [item["outcome"] for answer in answers for item in answer.json()["items"]]
    assert outcomes.count("created") == len(await rows("SELECT * FROM records")) == 14


async def test_one_line_a_customer(hdc: Any, cdc: Any, encounter: Any, rows: Any) -> None:
    items = [encounter(1), encounter(2), encounter(3, customer_id="CB")]
    await hdc.post("/v1/records", json={"items": items}, headers=bearer(cdc.token(jti="j1")))
    events = await rows("SELECT * FROM access_events ORDER BY customer_id")
    lines = [(event["customer_id"], event["records"], event["token_id"]) for event in events]
    assert lines == [("CA", 2, "j1"), ("CB", 1, "j1")]
    assert {e["domains"] for e in events} == {'["medical"]'}


async def test_a_record_that_moves_is_in_the_log_of_both(
    hdc: Any, cdc: Any, encounter: Any, rows: Any
) -> None:
    await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token(jti="j1")))
    moved = encounter(customer_id="CB")
    for _ in range(2):
        await hdc.post("/v1/records", json=moved, headers=bearer(cdc.token(jti="j2")))
    events = await rows("SELECT * FROM access_events WHERE token_id = 'j2' ORDER BY customer_id")
    lines = [(event["customer_id"], event["outcome"], event["domains"], event["records"]) for event in events]
    # The second post finds the record where it is: the first customer is not touched again.
    assert lines == [("CA", "permit", '["medical"]', 1)] + 2 * [("CB", "permit", '["medical"]', 1)]


async def test_a_move_that_is_refused_names_nobody_else(
    hdc: Any, cdc: Any, encounter: Any, rows: Any
) -> None:
    await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    other = cdc.token(sub="clinic", client_id="clinic")
    refused = await hdc.post("/v1/records", json=encounter(customer_id="CB"), headers=bearer(other))
    assert refused.status_code == 409
    events = await rows("SELECT * FROM access_events WHERE client_id = 'clinic'")
    assert [(event["customer_id"], event["outcome"]) for event in events] == [("CB", "deny")]


async def test_bodies_are_sealed(hdc: Any, cdc: Any, encounter: Any, rows: Any) -> None:
    await hdc.post("/v1/records", json=encounter(), headers=bearer(cdc.token()))
    row = (await rows("SELECT * FROM records"))[0]
    assert "心内科".encode() not in bytes(row["body"])
    assert row["body_key_id"] == "d1"
