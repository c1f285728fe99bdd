"""Records follow a merge into the survivor and come back after the undo, between two real processes."""

import time
from typing import Any

from tests.asking import http
from tests.people import OUYANG, WANG

PEOPLE = {"P1": WANG, "P2": OUYANG}
SCOPES = "customer:match customer:register records:medical records:write"
SECONDS = 15


class Town:
    """A hospital and a steward at both centers."""

    def __init__(self, both: Any) -> None:
        self.both = both
        self.hospital = both.client("hospital", SCOPES, "--domain", "medical", "--rate", "none")
        self.steward = both.client("steward", "customer:steward", "--source-systems", "all")

    def bearer(self, client: dict[str, str], **form: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.both.token(client, **form)}"}

    def register(self, local_id: str) -> str:
        url = f"{self.both.cdc}/v1/sources/medical/customers/{local_id}"
        answer = http.put(url, json=PEOPLE[local_id], headers=self.bearer(self.hospital))
        customer_id: str = answer.json()["customer_id"]
        return customer_id

    def write(self, customer_id: str, source_id: str) -> None:
        item = {
            "customer_id": customer_id,
            "domain": "medical",
            "kind": "encounter",
            "source_system": "medical",
            "source_id": source_id,
            "occurred_at": "2026-03-01T09:30:00Z",
            "encounter_class": "AMB",
            "facility": "First Hospital",
            "department": "Internal medicine",
        }
        headers = self.bearer(self.hospital, resource=self.both.hdc)
        answer = http.post(f"{self.both.hdc}/v1/records", json={"items": [item]}, headers=headers)
        assert answer.status_code in (200, 201), answer.text

    def records(self, local_id: str) -> set[str]:
        asked = {**PEOPLE[local_id], "access": {"domains": ["medical"], "purpose": "TREAT"}}
        match = http.post(f"{self.both.cdc}/v1/match", json=asked, headers=self.bearer(self.hospital)).json()
        headers = {"Authorization": f"Bearer {match['access']['access_token']}"}
        url = f"{self.both.cdc}/v1/customers/{match['customer_id']}/records/medical"
        answer = http.get(url, headers=headers)
        assert answer.status_code == 200, answer.text
        return {item["source_id"] for item in answer.json()["items"]}

    def comes_to(self, local_id: str, expected: set[str]) -> bool:
        """Whether these are the person's records before long."""
        end = time.monotonic() + SECONDS
        while (found := self.records(local_id)) != expected and time.monotonic() < end:
            time.sleep(0.3)
        return found == expected

    def decide(self, url: str, **body: str) -> Any:
        answer = http.post(f"{self.both.cdc}{url}", json=body, headers=self.bearer(self.steward))
        assert answer.is_success, answer.text
        return answer.json()


def test_records_go_where_their_customer_goes_and_come_back(both: Any) -> None:
    town = Town(both)
    one, two = town.register("P1"), town.register("P2")
    town.write(one, "V1")
    town.write(two, "V2")
    merge = town.decide("/v1/merges", survivor_id=one, retired_id=two, reason="same person")
    assert town.comes_to("P1", {"V1", "V2"})
    assert town.records("P2") == {"V1", "V2"}
    town.write(two, "V3")  # under the ID that was retired: kept under the survivor
    town.write(one, "V4")
    assert town.comes_to("P1", {"V1", "V2", "V3", "V4"})
    town.decide(f"/v1/merges/{merge['merge_id']}/undo", reason="two people after all")
    assert town.comes_to("P2", {"V2", "V3"})
    assert town.comes_to("P1", {"V1", "V4"})
