"""A client may ask so much and no more; what is refused is on record, folded."""

import time
from typing import Any

import pytest

from app.core.access.scope import Scope
from app.services.failure_tally import FailureTally
from app.services.manage_clients import NewClient


class _Clock:
    """The machine's time, which passes only where a test lets it: a slow machine turns no window."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


async def _bearer(center: Any, client_id: str, rate: int | None, *scopes: Scope) -> dict[str, str]:
    new = NewClient(client_id, frozenset(scopes or {Scope.CUSTOMER_MATCH}), None, "all", rate)
    secret = (await center.services.manage_clients.create(new, None)).secret
    return {"Authorization": f"Bearer {await center.token(client_id, secret)}"}


async def _flush(center: Any) -> None:
    tally: FailureTally = center.services.limit_rate.tally
    await tally.flush()


async def test_beyond_its_rate_a_client_is_told_to_wait(center: Any, person: Any) -> None:
    headers = await _bearer(center, "partner", 3)
    answers = [await center.http.post("/v1/match", json=person, headers=headers) for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 6  # the token was one request
    assert {answer.status_code for answer in answers} == {200, 429}
    answer = refused[0]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "too_many_requests"
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    assert answer.headers["ratelimit-policy"] == '"client";q=3;w=1'
    assert answer.headers["ratelimit"].startswith('"client";r=0;t=')


async def test_after_waiting_as_told_it_goes_on(center: Any, person: Any, clock: _Clock) -> None:
    headers = await _bearer(center, "partner", 2)
    answers = [await center.http.post("/v1/match", json=person, headers=headers) for _ in range(4)]
    clock.now += int(answers[-1].headers["retry-after"])
    assert (await center.http.post("/v1/match", json=person, headers=headers)).status_code == 200


async def test_refusals_are_one_event_a_client_and_minute(center: Any, person: Any) -> None:
    headers = await _bearer(center, "partner", 1)
    for _ in range(6):
        answer = await center.http.post("/v1/match", json=person, headers=headers)
    assert answer.status_code == 429
    await _flush(center)
    events = await center.events(kind="rate_limit")
    assert {(e["client_id"], e["outcome"], *e["reasons"]) for e in events} == {
        ("partner", "refused", "rate_exceeded")
    }
    assert len(events) <= 3
    assert sum(event["count"] for event in events) == 6


async def test_a_client_without_a_rate_is_never_refused(center: Any, person: Any) -> None:
    headers = await _bearer(center, "partner", None)
    answers = [await center.http.post("/v1/match", json=person, headers=headers) for _ in range(60)]
    assert {answer.status_code for answer in answers} == {200}


async def test_a_batch_counts_its_questions(center: Any, person: Any, clock: _Clock) -> None:
    headers = await _bearer(center, "partner", 2)  # 120 questions a minute
    body = {"questions": [person] * 100}
    answers = [await center.http.post("/v1/match/batch", json=body, headers=headers)]
    clock.now += 1.5
    answers.append(await center.http.post("/v1/match/batch", json=body, headers=headers))
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].headers["ratelimit-policy"] == '"client";q=120;w=60'
    await _flush(center)
    assert {tuple(e["reasons"]) for e in await center.events(kind="rate_limit")} == {("questions_exceeded",)}


async def test_the_limit_comes_before_the_scope_so_that_denials_cannot_fill_the_log(center: Any) -> None:
    headers = await _bearer(center, "partner", 2, Scope.CUSTOMER_MATCH)
    answers = [await center.http.get("/v1/audit/events", headers=headers) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {403, 429}
    assert len(await center.events(outcome="deny")) == sum(a.status_code == 403 for a in answers)


async def test_at_the_token_endpoint_the_refusal_is_oauths(center: Any) -> None:
    new = NewClient("partner", frozenset({Scope.CUSTOMER_MATCH}), None, "all", 2)
    auth = ("partner", (await center.services.manage_clients.create(new, None)).secret)
    form = {"grant_type": "client_credentials"}
    answers = [await center.http.post("/oauth2/token", data=form, auth=auth) for _ in range(5)]
    refused = answers[-1]
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["cache-control"] == "no-store"
    for path in ("introspect", "revoke"):
        answer = await center.http.post(f"/oauth2/{path}", data={"token": "x"}, auth=auth)
        assert answer.status_code in (429, 403, 200)


async def test_an_address_that_fails_again_and_again_is_refused_before_any_look_up(
    center: Any, monkeypatch: Any
) -> None:
    form = {"grant_type": "client_credentials"}
    answers = [
        await center.http.post("/oauth2/token", data=form, auth=("nobody", "guess")) for _ in range(305)
    ]
    assert {a.status_code for a in answers[:300]} == {401}
    assert answers[-1].status_code == 429
    await _flush(center)
    events = await center.events(kind="rate_limit")  # as another client of the same address
    assert {(*event["reasons"], event["source"]) for event in events} == {("failures_exceeded", "127.0.0.1")}
