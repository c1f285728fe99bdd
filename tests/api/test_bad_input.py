"""Bad input: named by field, never echoed, never a 500."""

import json
from typing import Any

import pytest

from app.core.access.scope import Scope

BAD = [
    ("birth_date", "1980-02-30"),
    ("birth_date", "2999-01-01"),
    ("birth_date", "yesterday"),
    ("birth_date", 19800229),
    ("name", "王" * 201),
    ("name", "wang\x00li"),
    ("name", ["王丽华"]),
    ("gender", "zzq"),
    ("id_type", "library_card_xyz"),
    ("id_number", "9" * 65),
    ("id_number", 110101198002290),
]


@pytest.mark.parametrize(("field", "value"), BAD)
async def test_a_bad_value_is_named_and_not_echoed(center: Any, person: Any, field: str, value: Any) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    answer = await center.http.post("/v1/match", json={**person, field: value}, headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid_input"
    assert [e["field"] for e in problem["errors"]] == [field]
    assert problem["errors"][0]["expected"]
    assert str(value) not in answer.text


@pytest.mark.parametrize("field", ["name", "gender", "birth_date", "id_type", "id_number"])
async def test_every_key_is_required(center: Any, person: Any, field: str) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    del person[field]
    answer = await center.http.post("/v1/match", json=person, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]


async def test_every_key_may_be_null(center: Any, person: Any) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    answer = await center.http.post("/v1/match", json=dict.fromkeys(person), headers=headers)
    assert answer.json()["outcome"] == "no_match"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="broken"),
        pytest.param(b"[" * 10_000, id="deep"),
        pytest.param(b'{"name":' * 10_000 + b"1" + b"}" * 10_000, id="deep-object"),
        pytest.param(b"\xff\xfe{}", id="not-utf-8"),
        pytest.param(b'"text"', id="no-object"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"name": "' + b"x" * 70_000 + b'"}', id="oversized"),
    ],
)
async def test_a_body_that_is_no_question(center: Any, body: bytes) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    headers["Content-Type"] = "application/json"
    answer = await center.http.post("/v1/match", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_oversized_body_without_a_length_is_refused(center: Any) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)

    async def chunks() -> Any:
        for _ in range(80):
            yield b" " * 1024

    answer = await center.http.post("/v1/match", content=chunks(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "body_too_large"


async def test_a_lone_surrogate_is_refused(center: Any, person: Any) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    headers["Content-Type"] = "application/json"
    body = json.dumps({**person, "name": "王\ud800"})
    answer = await center.http.post("/v1/match", content=body, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["name"]


@pytest.mark.parametrize(
    ("access", "field"),
    [
        ({"domains": [], "purpose": "TREAT"}, "access.domains"),
        ({"domains": ["medical"], "purpose": "CURIOSITY"}, "access.purpose"),
        ({"domains": ["military"], "purpose": "TREAT"}, "access.domains.0"),
        ({"domains": ["medical"], "purpose": "ETREAT"}, "access"),
        ({"domains": ["medical"]}, "access.purpose"),
    ],
)
async def test_access_is_checked_before_anything_is_looked_up(
    center: Any, person: Any, access: dict[str, Any], field: str
) -> None:
    headers = await center.bearer("partner", Scope.CUSTOMER_MATCH)
    answer = await center.http.post("/v1/match", json={**person, "access": access}, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("deceased", [0, 1, "yes", "true"])
async def test_deceased_is_true_false_or_null(center: Any, person: Any, deceased: Any) -> None:
    headers = await center.bearer("registrar", Scope.CUSTOMER_REGISTER)
    body = {**person, "attributes": {"deceased": deceased}}
    answer = await center.http.put("/v1/sources/medical/customers/P1", json=body, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["attributes.deceased"]


@pytest.mark.parametrize(
    "moment",
    ["1795302187", "2026-11-21", "2026-11-21T08:30:00", "1899-12-31T00:00:00Z", "2026-02-30T00:00:00Z"],
)
async def test_moments_are_rfc_3339_with_an_offset(center: Any, moment: str) -> None:
    headers = await center.bearer("auditor", Scope.AUDIT_READ)
    answer = await center.http.get("/v1/audit/events", params={"from": moment}, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["from"]
    good = {"from": "2026-11-21T08:30:00+08:00", "to": "2026-11-21T08:30:00.5Z"}
    assert (await center.http.get("/v1/audit/events", params=good, headers=headers)).status_code == 200
