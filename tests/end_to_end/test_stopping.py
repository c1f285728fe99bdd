"""Services that end, and what the other one does without them."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx

from tests.asking import http
from tests.end_to_end.test_roads import bearer, grant, settle


def test_without_the_hdc_a_look_up_is_503_and_on_record(both: Any) -> None:
    hospital, customer = settle(both)
    token = grant(both, hospital, ["medical"])
    both.stop("hdc")
    answer = http.get(f"{both.cdc}/v1/customers/{customer}/records/medical", headers=bearer(token))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "health_data_center_unavailable"
    assert http.get(f"{both.cdc}/readyz").status_code == 200
    auditor = both.client("auditor", "audit:read")
    result, request = both.events(auditor, client_id=hospital["client_id"])[:2]
    assert (request["kind"], request["outcome"]) == ("records_request", "permit")
    assert (result["kind"], result["outcome"], result["reasons"]) == (
        "records_result",
        "error",
        ["unreachable"],
    )


def test_sigterm_ends_both_cleanly(both: Any) -> None:
    # As the HDC does, a follower waits for news that will not come.
    headers = bearer(both.token(both.client("follower", "changes:read")))
    ask = partial(httpx.get, f"{both.cdc}/v1/changes", headers=headers, timeout=40)
    end = ask(params={"limit": 1000}).json()["next"]
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(ask, params={"after": end, "wait": 30})
        time.sleep(1)
        _both_end_cleanly(both)
        answer = waiting.result()
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": end})
    assert answer.elapsed.total_seconds() < 10


def _both_end_cleanly(both: Any) -> None:
    for name in ("cdc", "hdc"):
        # A single uvicorn process ends by the signal that it was sent, once it has shut down.
        assert both.stop(name) in (0, -signal.SIGTERM)
        assert "Traceback" not in (both.directory / f"{name}.log").read_text()
