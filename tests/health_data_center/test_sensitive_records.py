"""Records with a label of sensitivity, and kinds that are withheld, are given where the token says so."""

from typing import Any

import pytest

URL = "/v1/customers/CA/records/medical"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def opening(cdc: Any, client_id: str = "home", **limits: Any) -> dict[str, str]:
    """A token of the client for CA's medical records, with these limits."""
    details = {"type": "customer_records", "customer_id": "CA", "domains": ["medical"], "purpose": "TREAT"}
    token = cdc.bound_token(
        "CA", "medical", client_id=client_id, sub=client_id, authorization_details=[{**details, **limits}]
    )
    return bearer(token)


@pytest.fixture
async def stored(hdc: Any, cdc: Any, encounter: Any) -> Any:
    """An ordinary encounter, one of each label, and a prescription."""
    items = [encounter(1), encounter(2, sensitivity="psychiatric"), encounter(3, sensitivity="reproductive")]
    plain = encounter(4, kind="prescription", medication="二甲双胍", dose="0.5 g", frequency="bid")
    items.append({k: v for k, v in plain.items() if k not in ("encounter_class", "facility", "department")})
    answer = await hdc.post("/v1/records", json={"items": items}, headers=bearer(cdc.token()))
    assert answer.status_code == 201, answer.text
    return hdc


async def seen(hdc: Any, headers: dict[str, str]) -> set[str]:
    answer = await hdc.get(URL, params={"limit": 2}, headers=headers)
    assert answer.status_code == 200, answer.text
    found = {item["source_id"] for item in answer.json()["items"]}
    while answer.json()["next"]:
        answer = await hdc.get(URL, params={"limit": 2, "cursor": answer.json()["next"]}, headers=headers)
        found |= {item["source_id"] for item in answer.json()["items"]}
    return found


@pytest.mark.parametrize(
    ("limits", "sources"),
    [
        ({}, {"E1", "E4"}),
        ({"sensitive": ["psychiatric"]}, {"E1", "E2", "E4"}),
        ({"sensitive": ["psychiatric", "reproductive"]}, {"E1", "E2", "E3", "E4"}),
        ({"withheld": ["encounter"]}, {"E4"}),
        ({"withheld": ["encounter"], "sensitive": ["psychiatric"]}, {"E4"}),
        ({"withheld": ["encounter", "prescription"]}, set()),
    ],
)
async def test_only_what_is_open_is_given(
    stored: Any, cdc: Any, limits: dict[str, Any], sources: set[str]
) -> None:
    assert await seen(stored, opening(cdc, **limits)) == sources


async def test_who_wrote_a_record_reads_it(stored: Any, cdc: Any) -> None:
    assert await seen(stored, opening(cdc, "hospital", withheld=["prescription"])) == {"E1", "E2", "E3", "E4"}


async def test_the_label_is_shown_with_the_record_and_may_change(
    stored: Any, cdc: Any, encounter: Any
) -> None:
    headers = opening(cdc, sensitive=["psychiatric"])
    items = {item["source_id"]: item for item in (await stored.get(URL, headers=headers)).json()["items"]}
    assert items["E2"]["sensitivity"] == "psychiatric"
    assert "sensitivity" not in items["E1"]
    relabelled = encounter(1, sensitivity="infectious_disease")
    answer = await stored.post("/v1/records", json=relabelled, headers=bearer(cdc.token()))
    assert answer.json()["items"][0]["outcome"] == "updated"
    assert await seen(stored, headers) == {"E2", "E4"}


async def test_an_unknown_label_is_refused(hdc: Any, cdc: Any, encounter: Any) -> None:
    record = encounter(1, sensitivity="secret")
    answer = await hdc.post("/v1/records", json=record, headers=bearer(cdc.token()))
    assert answer.status_code == 422
    assert "sensitivity" in answer.json()["errors"][0]["field"]


@pytest.mark.parametrize(
    "limits", [{"sensitive": []}, {"sensitive": "psychiatric"}, {"withheld": [1]}, {"only": ["encounter"]}]
)
async def test_limits_that_cannot_be_read_open_nothing(stored: Any, cdc: Any, limits: dict[str, Any]) -> None:
    assert (await stored.get(URL, headers=opening(cdc, **limits))).status_code == 401
