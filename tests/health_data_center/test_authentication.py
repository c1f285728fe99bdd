"""Who may come in at all: every call checks the token itself and asks whether it still lives."""

import time
from typing import Any

import pytest

URL = "/v1/customers/CA/records/medical"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_no_token(hdc: Any) -> None:
    answer = await hdc.get(URL)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic aGRjOng=", "Bearer a.b.c", "Bearer " + "x" * 9000, "Bearer é"]
)
async def test_no_usable_token(hdc: Any, header: str) -> None:
    answer = await hdc.get(URL, headers={"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "http://hdc.test"},
        {"aud": "http://cdc.test"},
        {"aud": ["http://cdc.test/records"]},
        {"aud": ["http://cdc.test/records", "http://hdc.test"]},
        {"aud": ...},
        {"authorization_details": ...},
        {"exp": int(time.time()) - 1},
    ],
)
async def test_tokens_that_do_not_open_records(hdc: Any, cdc: Any, claims: dict[str, Any]) -> None:
    answer = await hdc.get(URL, headers=bearer(cdc.bound_token("CA", "medical", **claims)))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("path", ["/v1/lookups", "/v1/records"])
@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "http://cdc.test"},
        {"aud": "http://cdc.test/records"},
        {"aud": ["http://hdc.test", "http://cdc.test"]},
        {"act": {"sub": "hdc"}},
        {
            "authorization_details": [
                {"type": "customer_records", "customer_id": "CA", "domains": ["medical"], "purpose": "TREAT"}
            ]
        },
    ],
)
async def test_partners_need_a_token_for_this_center(
    hdc: Any, cdc: Any, path: str, claims: dict[str, Any]
) -> None:
    answer = await hdc.post(path, json={}, headers=bearer(cdc.token(**claims)))
    assert answer.status_code == 401
    assert "/v1/match" not in cdc.calls


async def test_a_revoked_token_ends_at_once(hdc: Any, cdc: Any) -> None:
    token = cdc.bound_token("CA", "medical", jti="j1")
    assert (await hdc.get(URL, headers=bearer(token))).status_code == 200
    cdc.revoked.add("j1")
    assert (await hdc.get(URL, headers=bearer(token))).status_code == 401


async def test_a_silent_cdc_opens_nothing(hdc: Any, cdc: Any) -> None:
    token = cdc.bound_token("CA", "medical")
    assert (await hdc.get(URL, headers=bearer(token))).status_code == 200
    cdc.down = True
    answer = await hdc.get(URL, headers=bearer(token))
    assert (answer.status_code, answer.json()["code"]) == (503, "customer_data_center_unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "reply",
    [
        (500, {}),
        (401, {"error": "x"}),
        (200, {}),
        (200, {"active": "true"}),
        (200, {"active": 1}),
    ],
)
async def test_a_strange_introspection_opens_nothing(hdc: Any, cdc: Any, reply: Any) -> None:
    cdc.replies["/oauth2/introspect"] = reply
    answer = await hdc.get(URL, headers=bearer(cdc.bound_token("CA", "medical")))
    assert answer.status_code == 503


async def test_an_answer_about_another_token_opens_nothing(hdc: Any, cdc: Any) -> None:
    cdc.replies["/oauth2/introspect"] = (200, {"active": True, "jti": "another"})
    assert (await hdc.get(URL, headers=bearer(cdc.bound_token("CA", "medical")))).status_code == 503


async def test_a_foreign_key_of_the_same_name(hdc: Any, cdc: Any, signing_key: Any) -> None:
    forged = signing_key("k1").sign(cdc.claims_of(cdc.bound_token("CA", "medical")))
    assert (await hdc.get(URL, headers=bearer(forged))).status_code == 401


async def test_failures_are_one_line_a_source_and_a_count(hdc: Any, cdc: Any, rows: Any) -> None:
    for _ in range(5):
        await hdc.get(URL, headers=bearer("a.b.c"))
    await hdc.get(URL)
    events = await rows("SELECT * FROM access_events")
    assert [(e["kind"], e["outcome"], e["count"]) for e in events] == [("authentication", "deny", 1)]
    assert events[0]["reasons"] == '["malformed"]'
    assert events[0]["client_id"] is None
