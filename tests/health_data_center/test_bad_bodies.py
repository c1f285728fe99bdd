"""Bodies that are no JSON, too large, or made to hurt: refused, never a 500."""

from typing import Any

import pytest

PATHS = ["/v1/lookups", "/v1/records"]


def headers(cdc: Any, content_type: str = "application/json") -> dict[str, str]:
    return {"Authorization": f"Bearer {cdc.token()}", "Content-Type": content_type}


NO_JSON = [
    b"",
    b"{",
    b"[" * 10_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b'{"name": "\\ud800"}',
    b'{"name": "\xff"}',
    b"NaN",
    b'{"name": Infinity}',
]


@pytest.mark.parametrize("path", PATHS)
async def test_what_is_no_json(hdc: Any, cdc: Any, path: str) -> None:
    for body in NO_JSON:
        answer = await hdc.post(path, content=body, headers=headers(cdc))
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("path", PATHS)
async def test_json_that_is_something_else(hdc: Any, cdc: Any, path: str) -> None:
    for body in (b"null", b"[]", b"7", b'"text"', b"{}", b"[1]", b'{"kind": {}}', b'{"items": {}}'):
        answer = await hdc.post(path, content=body, headers=headers(cdc))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        assert answer.json()["errors"]


@pytest.mark.parametrize(("path", "size"), [("/v1/lookups", 65_537), ("/v1/records", 1_048_577)])
@pytest.mark.parametrize("announced", [True, False])
async def test_too_much(hdc: Any, cdc: Any, path: str, size: int, announced: bool) -> None:
    async def chunks() -> Any:
        yield b'"' + b"x" * (size - 2) + b'"'

    body = b'"' + b"x" * (size - 2) + b'"' if announced else chunks()
    answer = await hdc.post(path, content=body, headers=headers(cdc))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_another_media_type(hdc: Any, cdc: Any) -> None:
    answer = await hdc.post("/v1/lookups", content=b"{}", headers=headers(cdc, "text/plain"))
    assert answer.status_code == 415


async def test_nul_in_elements_is_for_the_cdc_to_judge(hdc: Any, cdc: Any) -> None:
    nobody = dict.fromkeys(("name", "gender", "birth_date", "id_type", "id_number"), "\x00")
    body = {**nobody, "domains": ["medical"], "purpose": "TREAT", "reason": "\x00"}
    answer = await hdc.post("/v1/lookups", json=body, headers=headers(cdc))
    assert answer.status_code == 403


ODD = ["\x00", "a\x00b", "x" * 5000, "", " ", 7, None, [], {}, True]


@pytest.mark.parametrize("field", ["customer_id", "source_system", "source_id", "facility", "kind", "domain"])
async def test_records_with_odd_values(hdc: Any, cdc: Any, encounter: Any, field: str) -> None:
    for value in ODD:
        answer = await hdc.post("/v1/records", json=encounter(**{field: value}), headers=headers(cdc))
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_not_found_and_not_allowed_are_problems_too(hdc: Any) -> None:
    missing, wrong = await hdc.get("/nothing"), await hdc.get("/v1/lookups")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("given", ["a b", "x" * 129, "é", ""])
async def test_a_request_id_cannot_forge_a_line(hdc: Any, given: str) -> None:
    answer = await hdc.get("/healthz", headers={"X-Request-ID": given.encode("latin-1")})
    assert answer.headers["x-request-id"] not in ("", given)
