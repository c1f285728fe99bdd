"""Both roads over HTTP between real processes: through the CDC, and through the HDC."""

import time
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import pytest

from tests.asking import http
from tests.end_to_end.conftest import installed, start_both
from tests.people import WANG

SCOPES = (
    "customer:match customer:register customer:read match:explain "
    "records:medical records:elder_care records:write"
)
ENCOUNTER = {
    "domain": "medical",
    "kind": "encounter",
    "source_system": "medical",
    "source_id": "V1",
    "occurred_at": "2026-03-01T09:30:00Z",
}


NEWCOMER = {
    **WANG,
    "name": "赵明轩",
    "gender": "male",
    "birth_date": "1969-11-23",
    "id_type": "passport",
    "id_number": "E40718265",
}
"""Whom one test alone registers."""


@pytest.fixture(scope="module")
def both(prepared: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Both services up, for all of these tests: they leave them so."""
    with installed(prepared, tmp_path_factory.mktemp("roads")) as centers:
        yield start_both(centers, prepared.hdc)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def settle(both: Any, person: dict[str, Any] = WANG) -> tuple[dict[str, str], str]:
    """A hospital that has registered one person, under its own name as the local ID; returns its credentials
    and the customer ID."""
    name = f"hospital-{token_hex(4)}"
    hospital = both.client(name, SCOPES, "--domain", "medical", "--rate", "none")
    url = f"{both.cdc}/v1/sources/medical/customers/{name}"
    answer = http.put(url, json=person, headers=bearer(both.token(hospital)))
    return hospital, answer.json()["customer_id"]


def grant(both: Any, hospital: dict[str, str], domains: list[str], person: dict[str, Any] = WANG) -> str:
    body = {**person, "access": {"domains": domains, "purpose": "TREAT"}}
    answer = http.post(f"{both.cdc}/v1/match", json=body, headers=bearer(both.token(hospital)))
    token: str = answer.json()["access"]["access_token"]
    return token


def test_through_the_cdc(both: Any) -> None:
    hospital, customer = settle(both, NEWCOMER)
    token = grant(both, hospital, ["medical"], NEWCOMER)
    url = f"{both.cdc}/v1/customers/{customer}/records/medical"
    answer = http.get(url, headers=bearer(token))
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"items": [], "next": None}
    assert answer.headers["cache-control"] == "no-store"

    other_domain = http.get(f"{both.cdc}/v1/customers/{customer}/records/elder_care", headers=bearer(token))
    assert other_domain.status_code == 403
    other_customer = http.get(f"{both.cdc}/v1/customers/C0/records/medical", headers=bearer(token))
    assert other_customer.status_code == 403

    auditor = both.client("auditor-of-the-cdc", "audit:read")
    kinds = [(e["kind"], e["outcome"]) for e in both.events(auditor, client_id=hospital["client_id"])]
    assert kinds[::-1] == [
        ("token", "issued"),
        ("register", "created"),
        ("token", "issued"),
        ("match", "match"),
        ("access", "permit"),
        ("records_request", "permit"),
        ("records_result", "ok"),
        ("records_request", "deny"),
        ("records_request", "deny"),
    ]


def test_through_the_hdc(both: Any) -> None:
    hospital, customer = settle(both)
    asked = {**WANG, "domains": ["medical", "elder_care"], "purpose": "TREAT"}
    not_for_the_hdc = http.post(f"{both.hdc}/v1/lookups", json=asked, headers=bearer(both.token(hospital)))
    assert not_for_the_hdc.status_code == 401
    token = both.token(hospital, resource=both.hdc)
    answer = http.post(f"{both.hdc}/v1/lookups", json=asked, headers=bearer(token))
    assert answer.status_code == 200, answer.text
    assert answer.json()["customer_id"] == customer
    assert set(answer.json()["records"]) == {"medical", "elder_care"}
    elsewhere = http.post(f"{both.cdc}/v1/match", json=WANG, headers=bearer(token))
    assert elsewhere.status_code == 401

    auditor = both.client("auditor-of-the-hdc", "audit:read")
    (permit,) = both.events(auditor, kind="access", client_id=hospital["client_id"])
    assert (permit["outcome"], permit["actor"]) == ("permit", "hdc")


def test_a_refusal_through_the_hdc_says_no_more_than_the_cdc(both: Any) -> None:
    hospital, _ = settle(both)
    token = both.token(hospital, resource=both.hdc)
    stranger = {**WANG, "name": "欧阳震华", "birth_date": "1971-06-05", "id_number": "320102197106053517"}
    unknown = {**stranger, "domains": ["medical"], "purpose": "TREAT"}
    denied = {**WANG, "domains": ["funeral"], "purpose": "TREAT"}
    answers = [http.post(f"{both.hdc}/v1/lookups", json=b, headers=bearer(token)) for b in (unknown, denied)]
    assert [a.status_code for a in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()


def test_a_record_that_was_posted_is_read_by_a_permitted_partner(both: Any) -> None:
    hospital, customer = settle(both)
    token = both.token(hospital, resource=both.hdc)
    record = {
        **ENCOUNTER,
        "customer_id": customer,
        "encounter_class": "AMB",
        "facility": "People's Hospital",
        "department": "Cardiology",
    }
    posted = http.post(f"{both.hdc}/v1/records", json=record, headers=bearer(token))
    assert posted.status_code in (200, 201), posted.text
    url = f"{both.cdc}/v1/customers/{customer}/records/medical"
    (item,) = http.get(url, headers=bearer(grant(both, hospital, ["medical"]))).json()["items"]
    assert item["source_id"] == "V1"


def test_a_revoked_token_opens_nothing_within_five_seconds(both: Any) -> None:
    hospital, customer = settle(both)
    token = grant(both, hospital, ["medical"])
    urls = [f"{base}/v1/customers/{customer}/records/medical" for base in (both.cdc, both.hdc)]
    assert [http.get(u, headers=bearer(token)).status_code for u in urls] == [200, 200]
    auth = (hospital["client_id"], hospital["client_secret"])
    assert http.post(f"{both.cdc}/oauth2/revoke", data={"token": token}, auth=auth).status_code == 200
    time.sleep(5.2)
    assert [http.get(u, headers=bearer(token)).status_code for u in urls] == [401, 401]


def test_a_taken_port_is_said_in_one_line(both: Any) -> None:
    for command in ("cdc", "hdc"):
        failed = both.run(command, "serve", check=False)
        assert failed.returncode == 1
        assert "in use" in failed.stderr
        assert "Traceback" not in failed.stderr
