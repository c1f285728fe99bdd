"""The second road: from five elements to records."""

from typing import Any

import pytest

ELEMENTS = {
    "name": "王丽华",
    "gender": "female",
    "birth_date": "1980-02-29",
    "id_type": "resident_id_card",
    "id_number": "110101198002290026",
}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def question(**changes: Any) -> dict[str, Any]:
    return {**ELEMENTS, "domains": ["medical"], "purpose": "TREAT"} | changes


@pytest.fixture
async def known(hdc: Any, cdc: Any, encounter: Any) -> Any:
    """The person of `ELEMENTS` is CA, with three encounters."""
    items = [encounter(n) for n in range(1, 4)]
    await hdc.post("/v1/records", json={"items": items}, headers=bearer(cdc.token()))
    cdc.people[ELEMENTS["id_number"]] = ("CA", "permit")
    cdc.calls.clear()
    cdc.request_ids.clear()
    return hdc


async def test_elements_in_records_out(known: Any, cdc: Any, rows: Any) -> None:
    headers = bearer(cdc.token(jti="j1")) | {"X-Request-ID": "trace-me"}
    asked = question(domains=["medical", "elder_care"], reason="随访")
    answer = await known.post("/v1/lookups", json=asked, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["customer_id"] == "CA"
    assert [item["source_id"] for item in answer.json()["records"]["medical"]["items"]] == ["E3", "E2", "E1"]
    assert answer.json()["records"]["elder_care"] == {"items": [], "next": None}
    assert cdc.calls == ["/oauth2/introspect", "/oauth2/token", "/v1/match"]
    assert cdc.request_ids == ["trace-me"] * 3
    event = (await rows("SELECT * FROM access_events WHERE kind = 'lookup'"))[0]
    assert (event["outcome"], event["customer_id"], event["client_id"]) == ("permit", "CA", "hospital")
    assert (event["domains"], event["purpose"]) == ('["medical", "elder_care"]', "TREAT")
    assert (event["token_id"], event["request_id"], event["records"]) == ("j1", "trace-me", 3)


async def test_pages_go_on(known: Any, cdc: Any) -> None:
    seen: list[str] = []
    cursors: dict[str, str] = {}
    for _ in range(3):
        asked = question(limit=1, cursors=cursors)
        page = (await known.post("/v1/lookups", json=asked, headers=bearer(cdc.token()))).json()["records"]
        seen += [item["source_id"] for item in page["medical"]["items"]]
        cursors = {"medical": page["medical"]["next"]}
    assert seen == ["E3", "E2", "E1"]
    assert cursors == {"medical": None}


async def test_unknown_and_denied_look_the_same(known: Any, cdc: Any, rows: Any) -> None:
    cdc.people["DENIED"] = ("CA", "deny")
    unknown = await known.post("/v1/lookups", json=question(id_number="NOBODY"), headers=bearer(cdc.token()))
    denied = await known.post("/v1/lookups", json=question(id_number="DENIED"), headers=bearer(cdc.token()))
    assert unknown.status_code == denied.status_code == 403
    assert unknown.content == denied.content
    assert unknown.json()["code"] == "not_available"
    assert unknown.json()["reasons"] == ["not_available"]
    events = await rows("SELECT * FROM access_events WHERE kind = 'lookup'")
    assert [(e["outcome"], e["reasons"], e["customer_id"]) for e in events] == [
        ("deny", '["not_available"]', None)
    ] * 2


async def test_no_element_stands_in_the_log(known: Any, cdc: Any, rows: Any) -> None:
    await known.post("/v1/lookups", json=question(), headers=bearer(cdc.token()))
    await known.post("/v1/lookups", json=question(id_number="NOBODY"), headers=bearer(cdc.token()))
    written = str(await rows("SELECT * FROM access_events"))
    for value in ELEMENTS.values():
        assert value not in written


async def test_matching_takes_its_scope(hdc: Any, cdc: Any, rows: Any) -> None:
    answer = await hdc.post(
        "/v1/lookups", json=question(), headers=bearer(cdc.token(scope="records:medical"))
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert "/oauth2/token" not in cdc.calls
    events = await rows("SELECT kind, outcome FROM access_events")
    assert events == [{"kind": "lookup", "outcome": "deny"}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": 5}, "name"),
        ({"name": ...}, "name"),
        ({"id_number": ["x"]}, "id_number"),
        ({"domains": []}, "domains"),
        ({"domains": ["taxes"]}, "domains[0]"),
        ({"domains": "medical"}, "domains"),
        ({"purpose": "CURIOSITY"}, "purpose"),
        ({"purpose": None}, "purpose"),
        ({"reason": "x" * 501}, "reason"),
        ({"limit": True}, "limit"),
        ({"limit": 201}, "limit"),
        ({"cursors": {"medical": "bogus"}}, "cursors.medical"),
    ],
)
async def test_bad_input_names_the_field(hdc: Any, cdc: Any, changes: dict[str, Any], field: str) -> None:
    body = {k: v for k, v in question(**changes).items() if v is not ...}
    answer = await hdc.post("/v1/lookups", json=body, headers=bearer(cdc.token()))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "CURIOSITY" not in answer.text
    assert "/v1/match" not in cdc.calls


async def test_an_emergency_needs_a_reason(hdc: Any, cdc: Any) -> None:
    answer = await hdc.post("/v1/lookups", json=question(purpose="ETREAT"), headers=bearer(cdc.token()))
    assert answer.status_code == 422
    assert "reason" in answer.text


async def test_the_cdc_judges_the_elements(hdc: Any, cdc: Any) -> None:
    faults = [
        {"field": "birth_date", "code": "impossible", "expected": "a day of the calendar"},
        {"field": "access.reason", "code": "missing", "expected": "a written reason"},
    ]
    cdc.replies["/v1/match"] = (422, {"code": "invalid_input", "errors": faults})
    answer = await hdc.post(
        "/v1/lookups", json=question(birth_date="1980-02-30"), headers=bearer(cdc.token())
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == [faults[0], {**faults[1], "field": "reason"}]
    assert "1980-02-30" not in answer.text


@pytest.mark.parametrize(
    ("path", "reply", "status", "code"),
    [
        ("/oauth2/token", (400, {"error": "invalid_grant"}), 401, "invalid_token"),
        ("/oauth2/token", (400, {"error": "invalid_request"}), 401, "invalid_token"),
        ("/oauth2/token", (401, {"error": "invalid_client"}), 503, "customer_data_center_unavailable"),
        ("/oauth2/token", (400, {"error": "unauthorized_client"}), 503, "customer_data_center_unavailable"),
        ("/oauth2/token", (200, {}), 503, "customer_data_center_unavailable"),
        ("/v1/match", (401, {}), 401, "invalid_token"),
        ("/v1/match", (403, {}), 403, "insufficient_scope"),
        ("/v1/match", (429, {}), 429, "too_many_requests"),
        ("/v1/match", (500, {}), 503, "customer_data_center_unavailable"),
        ("/v1/match", (200, {}), 503, "customer_data_center_unavailable"),
        ("/v1/match", (200, {"access": {"decision": "maybe"}}), 503, "customer_data_center_unavailable"),
        ("/v1/match", (200, {"access": {"decision": "permit"}}), 503, "customer_data_center_unavailable"),
        (
            "/v1/match",
            (200, {"customer_id": "CA", "access": {"decision": "permit", "access_token": "a.b.c"}}),
            503,
            "customer_data_center_unavailable",
        ),
    ],
)
async def test_what_the_cdc_may_answer(
    known: Any, cdc: Any, rows: Any, path: str, reply: Any, status: int, code: str
) -> None:
    cdc.replies[path] = reply
    answer = await known.post("/v1/lookups", json=question(), headers=bearer(cdc.token()))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "records" not in answer.json()
    events = await rows("SELECT outcome FROM access_events WHERE kind = 'lookup'")
    assert [event["outcome"] for event in events] == ["error" if status == 503 else "deny"]


@pytest.mark.parametrize(
    ("grant", "bound"),
    [
        ({"customer_id": "CB"}, {}),
        ({"domains": ["elder_care"]}, {}),
        ({"purpose": "PATRQT"}, {}),
        ({}, {"sub": "other", "client_id": "other"}),
        ({}, {"act": ...}),
        ({}, {"act": {"sub": "another-center"}}),
        ({}, {"aud": "http://cdc.test"}),
        ({}, {"authorization_details": ...}),
    ],
)
async def test_the_token_must_say_what_was_asked(known: Any, cdc: Any, grant: Any, bound: Any) -> None:
    cdc.grant, cdc.bound = grant, bound
    answer = await known.post("/v1/lookups", json=question(), headers=bearer(cdc.token()))
    assert answer.status_code == 503
    assert "items" not in answer.text


async def test_a_cdc_that_is_down(known: Any, cdc: Any) -> None:
    cdc.down = True
    answer = await known.post("/v1/lookups", json=question(), headers=bearer(cdc.token()))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
