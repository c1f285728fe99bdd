"""Asked with access, "no such customer", "denied" and "review" are one answer: body, headers, time."""

from time import perf_counter
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.api.even_time import until_beat
from app.core.access.scope import Domain, Scope
from tests.people import OUYANG

BEAT = 0.05
TREATMENT = {"domains": ["elder_care"], "purpose": "TREAT"}
PAYMENT = {"domains": ["elder_care"], "purpose": "HPAYMT"}


@pytest.fixture
async def partner(center: Any) -> dict[str, str]:
    scopes = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, Scope.RECORDS_ELDER_CARE, Scope.MATCH_EXPLAIN)
    headers: dict[str, str] = await center.bearer("hospital", *scopes, domain=Domain.MEDICAL)
    return headers


async def _refusals(center: Any, person: Any, partner: Any, query: str = "") -> dict[str, httpx.Response]:
    """The same partner, refused for each reason there is."""
    namesake = {**person, "id_number": None, "id_type": None}
    asked = {
        "no such customer": {**OUYANG, "access": TREATMENT},
        "denied": {**person, "access": PAYMENT},
        "review": {**namesake, "access": TREATMENT},
    }
    url = f"/v1/match{query}"
    return {why: await center.http.post(url, json=body, headers=partner) for why, body in asked.items()}


def _told(answer: httpx.Response) -> tuple[Any, ...]:
    body = answer.json()
    assert len(body.pop("match_id")) == 36
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, body, headers


@pytest.mark.parametrize("query", ["", "?explain=true"])
async def test_body_and_headers_are_the_same(
    center: Any, register: Any, person: Any, partner: Any, query: str
) -> None:
    await register("medical", "P1", person)
    answers = await _refusals(center, person, partner, query)
    first, *others = map(_told, answers.values())
    assert first[0] == 200
    assert first[1]["access"] == {"decision": "deny", "reasons": ["not_available"]}
    assert all(other == first for other in others)


async def test_they_are_three_different_things_in_the_log(
    center: Any, register: Any, person: Any, partner: Any
) -> None:
    await register("medical", "P1", person)
    await _refusals(center, person, partner)
    events = await center.events(kind="match")
    assert [event["outcome"] for event in events] == ["review", "match", "no_match"]
    assert {event["outcome"] for event in await center.events(kind="access")} == {"deny"}


async def test_no_refusal_leaves_before_the_beat(
    center: Any, register: Any, person: Any, partner: Any
) -> None:
    await register("medical", "P1", person)
    began = perf_counter()
    await _refusals(center, person, partner)
    assert perf_counter() - began >= 3 * BEAT


async def test_a_permit_and_a_plain_question_wait_for_nothing(
    center: Any, register: Any, person: Any, partner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        raise AssertionError("a permit was held back")

    await register("medical", "P1", person)
    monkeypatch.setattr("app.api.even_time.EvenTime.wait", never)
    body = {**person, "access": TREATMENT}
    answer = await center.http.post("/v1/match", json=body, headers=partner)
    assert answer.json()["access"]["decision"] == "permit"
    assert (await center.http.post("/v1/match", json=OUYANG, headers=partner)).status_code == 200


@given(took=some.floats(0.0001, 10), beat=some.floats(0.001, 1))
def test_what_took_less_than_a_beat_ends_with_it(took: float, beat: float) -> None:
    rest = until_beat(took, beat)
    assert -1e-9 <= rest <= beat
    beats = (took + rest) / beat
    assert beats == pytest.approx(round(beats))
    assert round(beats) >= 1
