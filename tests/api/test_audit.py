"""GET /v1/audit/events: filters, paging, and that reading is an event."""

import asyncio
import csv
import io
import json
from base64 import b64decode
from typing import Any

import pytest

from app.core.access.scope import Domain, Scope
from app.core.audit.checkpoint import Checkpoint, read_checkpoint
from app.core.audit.merkle import leaf_hash
from app.core.audit.proofs import verify_consistency, verify_inclusion


async def test_filters_combine_and_pages_follow(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    for _ in range(5):
        await center.http.post("/v1/match", json=person, headers=headers)
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    query = {
        "client_id": "partner",
        "customer_id": customer,
        "kind": "match",
        "outcome": "match",
        "limit": "2",
    }
    seen: list[str] = []
    cursor: str | None = None
    for expected in (2, 2, 1):
        params = {**query, **({"cursor": cursor} if cursor else {})}
        page = (await center.http.get("/v1/audit/events", params=params, headers=auditor)).json()
        assert len(page["items"]) == expected
        seen += [e["event_id"] for e in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


async def test_time_bounds(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    (event,) = await center.events(kind="register")
    assert await center.events(kind="register", **{"from": event["at"]})
    assert not await center.events(kind="register", to=event["at"])


async def test_reading_the_log_is_in_the_log(center: Any) -> None:
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    await center.http.get("/v1/audit/events", headers=auditor)
    assert await center.events(client_id="auditor", kind="audit_read")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", "yesterday"),
        ("cursor", "x"),
        ("limit", "0"),
        ("kind", "gossip"),
        ("from", "2026-01-01T00:00:00"),
    ],
)
async def test_a_filter_that_cannot_be(center: Any, name: str, value: str) -> None:
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    answer = await center.http.get("/v1/audit/events", params={name: value}, headers=auditor)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [name]


async def test_purpose_domain_and_reason_are_filters(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    scopes = (Scope.CUSTOMER_MATCH, Scope.RECORDS_ELDER_CARE)
    headers = await center.bearer("partner", *scopes, domain=Domain.MEDICAL)
    access = {"domains": ["elder_care"], "purpose": "TREAT"}
    await center.http.post("/v1/match", json={**person, "access": access}, headers=headers)
    (event,) = await center.events(kind="access")
    assert await center.events(purpose="TREAT", domain="elder_care", reason=event["reasons"][0])
    assert not await center.events(purpose="TREAT", domain="funeral")
    assert not await center.events(reason=event["reasons"][0][:-1])
    assert not await center.events(purpose="ETREAT")


async def test_an_export_has_every_event_and_is_one(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    answer = await center.http.get("/v1/audit/export", headers=auditor)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    kinds = [json.loads(line)["kind"] for line in answer.text.splitlines()]
    assert "register" in kinds
    assert (await center.events(kind="audit_read"))[0]["detail"]["what"] == "export"


async def test_a_spreadsheet_takes_no_formula_from_an_export(center: Any, register: Any, person: Any) -> None:
    request_id = {"X-Request-ID": "-1.-1"}
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    await center.http.post("/v1/match", json=person, headers=headers | request_id)
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    answer = await center.http.get("/v1/audit/export", params={"format": "csv"}, headers=auditor)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {"event_id", "kind", "detail"} <= rows[0].keys()
    assert [row["request_id"] for row in rows if row["kind"] == "match"] == ["'-1.-1"]


async def sealed(center: Any, headers: dict[str, str], size: int) -> Checkpoint:
    """The checkpoint, as soon as the service has sealed so many events."""
    for _ in range(100):
        answer = await center.http.get("/v1/audit/checkpoint", headers=headers)
        if answer.status_code == 200 and (found := read_checkpoint(answer.text)).size >= size:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("nothing was sealed")


async def test_the_service_proves_its_log(center: Any, register: Any, person: Any) -> None:
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    await register("medical", "P1", person)
    first = await sealed(center, auditor, 3)
    (event,) = await center.events(kind="register")
    later = await sealed(center, auditor, first.size + 1)
    query = {"event_id": event["event_id"], "size": later.size}
    proof = (await center.http.get("/v1/audit/proofs/inclusion", params=query, headers=auditor)).json()
    assert json.loads(proof["leaf"])["event_id"] == event["event_id"]
    hashes = [b64decode(hash_) for hash_ in proof["hashes"]]
    leaf = leaf_hash(proof["leaf"].encode())
    assert verify_inclusion(leaf, proof["leaf_index"], proof["tree_size"], hashes, later.root)
    query = {"from": first.size, "to": later.size}
    proof = (await center.http.get("/v1/audit/proofs/consistency", params=query, headers=auditor)).json()
    hashes = [b64decode(hash_) for hash_ in proof["hashes"]]
    assert verify_consistency(first.size, first.root, later.size, later.root, hashes)
    assert any(e["detail"].get("what") == "inclusion_proof" for e in await center.events(kind="audit_read"))


async def test_what_cannot_be_proved(center: Any) -> None:
    auditor = await center.bearer("auditor", Scope.AUDIT_READ)
    size = (await sealed(center, auditor, 2)).size

    async def status(path: str, **query: object) -> int:
        answer = await center.http.get(f"/v1/audit/proofs/{path}", params=query, headers=auditor)
        code: int = answer.status_code
        return code

    assert await status("inclusion", event_id="01a20059-624a-7f9f-b35a-e4b5841b95c1") == 404
    assert await status("inclusion", event_id="x") == 422
    assert await status("consistency") == 422
    assert await status("consistency", **{"from": 0}) == 422
    assert await status("consistency", **{"from": size + 10_000}) == 422
    assert await status("consistency", **{"from": 1, "to": size + 10_000}) == 422
    event = (await center.events(kind="client"))[-1]["event_id"]
    assert await status("inclusion", event_id=event, size=size + 10_000) == 422
    assert await status("inclusion", event_id=event, size=2) == 200
