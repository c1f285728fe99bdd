"""Giving records out, to customer-bound tokens alone."""

from typing import Any

import pytest

URL = "/v1/customers/CA/records/medical"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def stored(hdc: Any, cdc: Any, encounter: Any) -> Any:
    """Seven encounters of CA on days 2 to 6, three of them on day 4; one diagnosis; one record of CB."""
    items = [encounter(n) for n in range(1, 6)]
    items += [encounter(n, occurred_at="2026-01-04T08:30:00+08:00") for n in (6, 7)]
    items.append(encounter(9, customer_id="CB"))
    diagnosis = encounter(8, kind="diagnosis", icd10="I10.x00x002", display="高血压")
    items.append(
        {k: v for k, v in diagnosis.items() if k not in ("encounter_class", "facility", "department")}
    )
    answer = await hdc.post("/v1/records", json={"items": items}, headers=bearer(cdc.token()))
    assert answer.status_code == 201
    return hdc


async def test_records_come_back_as_posted_newest_first(stored: Any, cdc: Any) -> None:
    answer = await stored.get(URL, headers=bearer(cdc.bound_token("CA", "medical")))
    page = answer.json()
    assert answer.status_code == 200
    assert page["next"] is None
    times = [item["occurred_at"] for item in page["items"]]
    assert times == sorted(times, reverse=True)
    assert len(times) == 8
    assert page["items"][0]["kind"] == "diagnosis"
    assert page["items"][0]["icd10"] == "I10.x00x002"
    assert page["items"][1]["facility"] == "第一医院"
    assert page["items"][1]["occurred_at"] == "2026-01-06T00:30:00Z"
    assert answer.headers["cache-control"] == "no-store"


async def test_nothing_is_an_empty_page(stored: Any, cdc: Any) -> None:
    token = cdc.bound_token("CA", "medical", "funeral")
    answer = await stored.get("/v1/customers/CA/records/funeral", headers=bearer(token))
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 200])
async def test_pages_hold_each_record_once(stored: Any, cdc: Any, limit: int) -> None:
    headers = bearer(cdc.bound_token("CA", "medical"))
    seen: list[str] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        page = (await stored.get(URL, params=params, headers=headers)).json()
        seen += [item["record_id"] for item in page["items"]]
        assert len(page["items"]) <= limit
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert len(seen) == len(set(seen)) == 8


@pytest.mark.parametrize(
    ("params", "sources"),
    [
        ({"kind": "diagnosis"}, {"E8"}),
        ({"from": "2026-01-05T08:30:00+08:00"}, {"E4", "E5", "E8"}),
        ({"to": "2026-01-03T08:30:00+08:00"}, {"E1"}),
        ({"from": "2026-01-03T00:30:00Z", "to": "2026-01-04T00:30:00Z"}, {"E2"}),
        ({"kind": "prescription"}, set()),
    ],
)
async def test_filters(stored: Any, cdc: Any, params: dict[str, str], sources: set[str]) -> None:
    page = (await stored.get(URL, params=params, headers=bearer(cdc.bound_token("CA", "medical")))).json()
    assert {item["source_id"] for item in page["items"]} == sources


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"kind": "contract"}, "kind"),
        ({"from": "2026-02-30T00:00:00Z"}, "from"),
        ({"to": "0001-01-01T00:00:00+14:00"}, "to"),
        ({"from": "2026-01-01"}, "from"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "x" * 99}, "limit"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"cursor": "\x00"}, "cursor"),
        ({"cursor": "马"}, "cursor"),
    ],
)
async def test_bad_parameters_are_named(hdc: Any, cdc: Any, params: dict[str, str], field: str) -> None:
    answer = await hdc.get(URL, params=params, headers=bearer(cdc.bound_token("CA", "medical")))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("granted", "reason"),
    [(("CB", "medical"), "wrong_customer"), (("CA", "funeral"), "wrong_domain")],
)
async def test_only_what_is_granted(stored: Any, cdc: Any, rows: Any, granted: Any, reason: str) -> None:
    answer = await stored.get(URL, headers=bearer(cdc.bound_token(*granted)))
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_granted"
    events = await rows("SELECT * FROM access_events WHERE kind = 'records_read'")
    lines = [(event["outcome"], event["reasons"], event["customer_id"]) for event in events]
    assert lines == [("deny", f'["{reason}"]', "CA")]


@pytest.mark.parametrize("path", ["/v1/customers/CA/records/taxes", "/v1/customers/C%00/records/medical"])
async def test_what_does_not_exist(hdc: Any, cdc: Any, path: str) -> None:
    answer = await hdc.get(path, headers=bearer(cdc.bound_token("CA", "medical")))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_each_read_is_a_line(stored: Any, cdc: Any, rows: Any) -> None:
    token = cdc.bound_token("CA", "medical", purpose="CAREMGT", jti="j9", act={"sub": "hdc"})
    headers = bearer(token) | {"X-Request-ID": "r-1"}
    answer = await stored.get(URL, params={"limit": 3}, headers=headers)
    assert answer.headers["x-request-id"] == "r-1"
    event = (await rows("SELECT * FROM access_events WHERE kind = 'records_read'"))[0]
    assert event["client_id"] == "hospital"
    assert event["actor"] == "hdc"
    assert (event["customer_id"], event["domains"], event["purpose"]) == ("CA", '["medical"]', "CAREMGT")
    assert (event["token_id"], event["request_id"], event["records"]) == ("j9", "r-1", 3)


async def test_a_tampered_row_is_not_given(stored: Any, cdc: Any, rows: Any) -> None:
    await rows("UPDATE records SET customer_id = 'CA' WHERE customer_id = 'CB'")
    answer = await stored.get(URL, headers=bearer(cdc.bound_token("CA", "medical")))
    assert (answer.status_code, answer.json()["code"]) == (503, "record_unreadable")
    events = await rows("SELECT outcome FROM access_events WHERE kind = 'records_read'")
    assert [event["outcome"] for event in events] == ["error"]
