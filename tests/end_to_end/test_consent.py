"""A consent that ends, between real processes: the tokens that rested on it are dead at both centers."""

import time
from typing import Any

from tests.asking import http
from tests.end_to_end.test_roads import bearer, grant, settle
from tests.people import WANG

DENIAL = {"decision": "deny", "given_by": "customer", "proof": {"text": "letter of 21 November"}}
PERMISSION = {**DENIAL, "decision": "permit", "sensitive": ["psychiatric"]}
PSYCHIATRIC = {
    "domain": "elder_care",
    "kind": "care_plan",
    "source_system": "elder_care",
    "source_id": "C1",
    "occurred_at": "2026-03-01T09:30:00Z",
    "goals": ["安睡"],
    "measures": ["陪伴"],
    "sensitivity": "psychiatric",
}


def wait_for(url: str, headers: dict[str, str], status: int) -> float:
    """Seconds until the address answers so."""
    began = time.monotonic()
    while http.get(url, headers=headers).status_code != status:
        assert time.monotonic() - began < 10
        time.sleep(0.1)
    return time.monotonic() - began


def test_withdrawal_reaches_both_centers_within_five_seconds(both: Any) -> None:
    hospital, customer = settle(both)
    home = both.client(
        "home", "records:write records:elder_care customer:match", "--domain", "elder_care", "--rate", "none"
    )
    written = http.post(
        f"{both.hdc}/v1/records",
        json={**PSYCHIATRIC, "customer_id": customer},
        headers=bearer(both.token(home, resource=both.hdc)),
    )
    assert written.status_code == 201, written.text
    officer = both.client(
        "officer", "consent:write customer:read", "--source-systems", "all", "--rate", "none"
    )
    consents = f"{both.cdc}/v1/customers/{customer}/consents"

    url = f"/v1/customers/{customer}/records/elder_care"
    token = grant(both, hospital, ["elder_care"])
    assert http.get(both.cdc + url, headers=bearer(token)).json()["items"] == []
    given = http.post(consents, json=PERMISSION, headers=bearer(both.token(officer)))
    assert given.status_code == 201, given.text
    token = grant(both, hospital, ["elder_care"])
    for center in (both.cdc, both.hdc):
        items = http.get(center + url, headers=bearer(token)).json()["items"]
        assert [item["source_id"] for item in items] == ["C1"]

    ended = f"{consents}/{given.json()['consent_id']}/withdraw"
    assert http.post(ended, json={}, headers=bearer(both.token(officer))).status_code == 200
    began = time.monotonic()
    for center in (both.cdc, both.hdc):
        wait_for(center + url, bearer(token), 401)
    assert time.monotonic() - began < 5

    token = grant(both, hospital, ["elder_care"])
    assert http.get(both.hdc + url, headers=bearer(token)).json()["items"] == []
    assert http.post(consents, json=DENIAL, headers=bearer(both.token(officer))).status_code == 201
    wait_for(both.hdc + url, bearer(token), 401)
    wait_for(both.cdc + url, bearer(token), 401)
    body = {**WANG, "access": {"domains": ["elder_care"], "purpose": "TREAT"}}
    answer = http.post(f"{both.cdc}/v1/match", json=body, headers=bearer(both.token(hospital)))
    assert answer.json()["access"] == {"decision": "deny", "reasons": ["not_available"]}
