"""Keys are rotated while both centers serve: two CDC workers, one HDC, over HTTP."""

import time
from collections.abc import Callable
from typing import Any

from tests.asking import http
from tests.end_to_end.test_roads import bearer, grant, settle
from tests.people import OUYANG


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    """Whether it comes true in time, and stays so with every worker."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if all(condition() for _ in range(6)):
            return True
        time.sleep(0.1)
    return False


def kids(both: Any) -> list[str]:
    return [key["kid"] for key in http.get(f"{both.cdc}/oauth2/jwks").json()["keys"]]


def test_tokens_outlive_a_rotation_and_not_a_compromise(both: Any) -> None:
    hospital, customer = settle(both)
    urls = [f"{base}/v1/customers/{customer}/records/medical" for base in (both.cdc, both.hdc)]

    def answers(token: str) -> list[int]:
        return [http.get(url, headers=bearer(token)).status_code for url in urls]

    first = grant(both, hospital, ["medical"])
    (old,) = kids(both)
    assert answers(first) == [200, 200]

    both.run("cdc", "keys", "rotate", "signing")
    assert within(5, lambda: len(kids(both)) == 2 and kids(both)[0] != old)
    second = grant(both, hospital, ["medical"])
    assert (answers(first), answers(second)) == ([200, 200], [200, 200])

    both.run("cdc", "keys", "rotate", "signing", "--compromised")
    assert within(5, lambda: [*answers(first), *answers(second)] == [401] * 4)
    assert within(5, lambda: len(kids(both)) == 1)
    third = grant(both, hospital, ["medical"])
    assert within(5, lambda: answers(third) == [200, 200])

    auditor = both.client("auditor", "audit:read")
    rotations = both.events(auditor, kind="key_rotation")
    assert [event["outcome"] for event in rotations] == ["compromised", "rotated"]
    assert rotations[0]["detail"]["key"] == kids(both)[0]


def test_what_is_stored_is_read_after_a_rotation_of_data_keys(both: Any) -> None:
    hospital, customer = settle(both)
    both.run("cdc", "keys", "rotate", "data")
    assert within(5, lambda: bool(grant(both, hospital, ["medical"])))
    again = http.put(
        f"{both.cdc}/v1/sources/medical/customers/P2",
        json={**OUYANG, "id_type": None, "id_number": None},
        headers=bearer(both.token(hospital)),
    )
    assert again.status_code == 200
    url = f"{both.cdc}/v1/sources/medical/customers"
    for local_id in (hospital["client_id"], "P2"):
        read = http.get(f"{url}/{local_id}", headers=bearer(both.token(hospital)))
        assert read.status_code == 200, read.text
    assert customer
