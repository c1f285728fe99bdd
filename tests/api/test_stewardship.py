"""Merge, undo, split, withdraw: who is who, at any time, with every ID that was ever given."""

from datetime import UTC, datetime
from typing import Any

from app.core.access.scope import Domain, Scope
from app.services.check_index import CheckIndex
from app.services.export_labels import ExportLabels
from app.services.operator_log import OperatorLog


async def test_a_merged_id_leads_to_the_survivor(desk: Any, pair: tuple[str, str]) -> None:
    survivor, retired = pair
    await desk.merge(survivor, retired)
    answer = await desk.get(f"/v1/customers/{retired}", 307)
    assert answer.headers["location"] == f"/v1/customers/{survivor}"
    assert answer.headers["cache-control"] == "no-store"
    assert await desk.records(survivor) == {"P1", "P2"}
    reference = await desk.get("/v1/sources/medical/customers/P2")
    assert reference["customer_id"] == survivor


async def test_a_match_never_names_a_retired_customer(desk: Any, pair: tuple[str, str], other: Any) -> None:
    await desk.merge(*pair)
    assert (await desk.post("/v1/match", **other))["customer_id"] == pair[0]


async def test_an_undone_merge_brings_the_customer_back(
    desk: Any, pair: tuple[str, str], center: Any
) -> None:
    survivor, retired = pair
    merge = await desk.merge(survivor, retired)
    undone = await desk.undo(merge)
    assert undone["retired_id"] == retired
    assert await desk.records(survivor) == {"P1"}
    assert await desk.records(retired) == {"P2"}
    assert (await desk.undo(merge, 409))["code"] == "not_possible"
    kinds = [(e["outcome"], e["customer_id"]) for e in await center.events(kind="merge")]
    assert sorted(kinds) == sorted([("merged", c) for c in pair] + [("undone", c) for c in pair])


async def test_undo_after_later_merges_and_links(
    desk: Any, pair: tuple[str, str], register: Any, person: Any, other: Any
) -> None:
    """The first of two merges is undone; who came between them goes with whom they were recognised by."""
    one, two = pair
    three = await register("medical", "P3", {**other, "name": "司马相如", "id_number": "320102197106053429"})
    first = await desk.merge(two, one)
    assert await register("elder_care", "E1", person) == two
    assert await register("elder_care", "E2", other) == two
    await desk.merge(three, two)
    assert await desk.records(three) == {"P1", "P2", "P3", "E1", "E2"}
    await desk.undo(first)
    assert await desk.records(one) == {"P1", "E1"}
    assert await desk.records(three) == {"P2", "P3", "E2"}
    assert (await desk.get(f"/v1/customers/{two}", 307)).headers["location"].endswith(three)


async def test_impossible_merges_are_refused(desk: Any, pair: tuple[str, str]) -> None:
    survivor, retired = pair
    assert (await desk.merge(survivor, survivor, 409))["code"] == "not_possible"
    assert (await desk.merge(survivor, "C0000000000000000A", 404))["code"] == "not_found"
    await desk.merge(survivor, retired)
    assert (await desk.merge(survivor, retired, 409))["code"] == "not_possible"


async def test_only_who_knows_every_system_decides(center: Any, pair: tuple[str, str]) -> None:
    headers = await center.bearer(
        "ward", Scope.CUSTOMER_STEWARD, domain=Domain.ELDER_CARE, systems=frozenset({"elder_care"})
    )
    body = {"survivor_id": pair[0], "retired_id": pair[1], "reason": "?"}
    answer = await center.http.post("/v1/merges", json=body, headers=headers)
    assert answer.status_code == 403
    (denial,) = await center.events(client_id="ward", outcome="deny")
    assert denial["reasons"] == ["source_system_not_allowed"]


async def test_a_split_makes_a_new_customer(desk: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    assert await register("elder_care", "E1", person) == customer
    records = [{"source_system": "elder_care", "local_id": "E1"}]
    split = await desk.post(f"/v1/customers/{customer}/splits", 201, records=records, reason="twins")
    assert await desk.records(split["new_id"]) == {"E1"}
    assert await desk.records(customer) == {"P1"}
    all_of_them = await desk.post(
        f"/v1/customers/{split['new_id']}/splits", 422, records=records, reason="twins"
    )
    assert all_of_them["errors"][0]["field"] == "records"


async def test_a_split_of_what_was_merged_brings_the_id_back(desk: Any, pair: tuple[str, str]) -> None:
    survivor, retired = pair
    await desk.merge(survivor, retired)
    records = [{"source_system": "medical", "local_id": "P2"}]
    split = await desk.post(f"/v1/customers/{survivor}/splits", 201, records=records, reason="no")
    assert split["new_id"] == retired


async def test_a_customer_is_shown_as_they_were(
    desk: Any, pair: tuple[str, str], register: Any, person: Any, other: Any
) -> None:
    survivor, retired = pair
    before = datetime.now(UTC).isoformat()
    merge = await desk.merge(survivor, retired)
    await register("medical", "P2", {**other, "name": "欧阳振华"})
    between = datetime.now(UTC).isoformat()
    await desk.undo(merge)
    await desk.http.delete("/v1/sources/medical/customers/P1", headers=desk.headers)

    was = await desk.get(f"/v1/customers/{retired}", at=before)
    assert (was["customer_id"], was["elements"]["name"]) == (retired, other["name"])
    was = await desk.get(f"/v1/customers/{retired}", at=between)
    assert was["customer_id"] == survivor
    assert {r["local_id"] for r in was["cross_references"]} == {"P1", "P2"}
    now = await desk.get(f"/v1/customers/{retired}", at=datetime.now(UTC).isoformat())
    assert (now["customer_id"], now["elements"]["name"]) == (retired, "欧阳振华")
    await desk.get(f"/v1/customers/{retired}", 404, at="2020-01-01T00:00:00Z")
    await desk.get(f"/v1/customers/{survivor}", 404)
    was = await desk.get(f"/v1/customers/{survivor}", at=before)
    assert was["elements"]["name"] == person["name"]


async def test_a_system_withdraws_its_record(desk: Any, register: Any, person: Any, center: Any) -> None:
    customer = await register("medical", "P1", person)
    url = "/v1/sources/medical/customers/P1"
    assert (await desk.http.delete(url, headers=desk.headers)).status_code == 204
    assert (await desk.http.delete(url, headers=desk.headers)).status_code == 404
    assert (await desk.post("/v1/match", **person))["outcome"] == "no_match"
    assert await register("medical", "P1", person) != customer
    (event,) = await center.events(kind="withdrawal")
    assert event["customer_id"] == customer


async def test_an_update_can_name_the_version_it_replaces(
    center: Any, desk: Any, register: Any, person: Any, other: Any
) -> None:
    await register("medical", "P1", person)
    url = "/v1/sources/medical/customers/P1"

    async def put(tag: str, **changes: str) -> Any:
        headers = {**desk.headers, "If-Match": tag}
        return await desk.http.put(url, json={**person, **changes}, headers=headers)

    assert (await desk.http.get(url, headers=desk.headers)).headers["etag"] == '"1"'
    assert (await put('"1"', name="王立华")).headers["etag"] == '"2"'
    stale = await put('"1"', name="王丽花")
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    assert (await put('W/"2"')).status_code == 412
    assert (await put("*")).status_code == 200
    headers = {**desk.headers, "If-Match": '"1"'}
    assert (await desk.http.delete(url, headers=headers)).status_code == 412
    new = await desk.http.put(f"{url}0", json=other, headers={**desk.headers, "If-Match": "*"})
    assert new.status_code == 412
    denied = await center.events(client_id="steward", outcome="deny")
    assert {tuple(event["reasons"]) for event in denied} == {("version_mismatch",)}
    assert sorted(event["kind"] for event in denied) == ["register", "register", "register", "withdrawal"]


async def test_a_system_merges_two_of_its_local_ids(desk: Any, pair: tuple[str, str]) -> None:
    one, two = pair
    merged = await desk.post("/v1/sources/medical/customers/P2/merge", into="P1")
    assert merged["customer_id"] == one
    assert (await desk.get(f"/v1/customers/{two}", 307)).headers["location"].endswith(one)


async def test_of_somebody_whom_others_know_only_the_record_moves(
    desk: Any, pair: tuple[str, str], register: Any, other: Any
) -> None:
    one, two = pair
    assert await register("elder_care", "E2", other) == two
    await desk.post("/v1/sources/medical/customers/P2/merge", into="P1")
    assert await desk.records(one) == {"P1", "P2"}
    assert await desk.records(two) == {"E2"}
    (case,) = (await desk.get("/v1/reviews"))["items"]
    assert case["reasons"][0] == "source_merge"
    assert {case["customer"]["customer_id"], case["candidate"]["customer_id"]} == {one, two}


async def test_tokens_of_both_sides_end_with_a_merge(
    desk: Any, pair: tuple[str, str], center: Any, person: Any
) -> None:
    scopes = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL)
    partner = await center.bearer("partner", *scopes, domain=Domain.MEDICAL)
    asked = {**person, "access": {"domains": ["medical"], "purpose": "TREAT"}}

    async def token() -> dict[str, str]:
        answer = (await center.http.post("/v1/match", json=asked, headers=partner)).json()
        return {"Authorization": f"Bearer {answer['access']['access_token']}"}

    async def look_up(headers: dict[str, str]) -> int:
        url = f"/v1/customers/{pair[0]}/records/medical"
        status: int = (await center.http.get(url, headers=headers)).status_code
        return status

    old = await token()
    assert await look_up(old) == 503  # taken; there is no Health Data Center in this test
    merge = await desk.merge(*pair)
    assert await look_up(old) == 401
    newer = await token()
    assert await look_up(newer) == 503
    await desk.undo(merge)
    assert await look_up(newer) == 401
    assert await look_up(await token()) == 503


async def test_after_all_of_it_the_index_is_the_fold_of_its_ledger(
    desk: Any, pair: tuple[str, str], register: Any, person: Any, center: Any, other: Any
) -> None:
    one, two = pair
    first = await desk.merge(one, two)
    await register("elder_care", "E1", person)
    await register("elder_care", "E2", other)
    records = [{"source_system": "elder_care", "local_id": "E1"}]
    split = await desk.post(f"/v1/customers/{one}/splits", 201, records=records, reason="twins")
    await desk.merge(split["new_id"], one)
    await desk.undo(first)
    await register("medical", "P1", {**person, "name": "王立华"})
    unsure = await register("medical", "P9", {**person, "id_type": None, "id_number": None})
    for case in (await desk.get("/v1/reviews"))["items"]:
        verdict = "not_same" if case["customer"]["customer_id"] == unsure else "later"
        url = f"/v1/reviews/{case['review_id']}/decision"
        await desk.post(url, decision=verdict, reason="seen")
    await desk.http.delete("/v1/sources/elder_care/customers/E2", headers=desk.headers)
    stewardship = center.services.merge_customers.stewardship
    log = OperatorLog(stewardship.units, stewardship.clock, stewardship.ids)
    found = await CheckIndex(stewardship.units, log)("test")
    assert found.differences == ()
    assert found.records == 4
    labels = [label async for label in ExportLabels(stewardship.units, log)("t")]
    assert [label.same for label in labels] == [False] * len(labels) != []
