"""GET /v1/audit/events: filters, paging, and that reading is an event."""

from typing import Any

import pytest

from app.core.access.scope import Scope


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
