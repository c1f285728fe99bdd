"""Batches of questions, and the cross-index as a stream."""

import json
from typing import Any

from app.core.access.scope import Scope
from tests.people import OUYANG

NOBODY = {**OUYANG, "id_type": None, "id_number": None}


async def test_each_question_has_its_answer_in_its_place(center: Any, register: Any, person: Any) -> None:
    customer = await register("medical", "P1", person)
    headers = await center.bearer("hospital", Scope.CUSTOMER_MATCH)
    doubtful = {**person, "id_type": None, "id_number": None}
    bad = [{**person, "gender": "secret"}, {"name": "secret"}, {**person, "access": {"domains": ["medical"]}}]
    body = {"questions": [person, *bad, NOBODY, doubtful]}
    answer = await center.http.post("/v1/match/batch", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    answers = answer.json()["answers"]
    assert [a.get("answer", {}).get("outcome") for a in answers] == [
        *("match", None, None, None, "no_match", "review")
    ]
    assert answers[0]["answer"]["customer_id"] == customer
    assert [e["field"] for e in answers[1]["error"]["errors"]] == ["gender"]
    missing = [e["field"] for e in answers[2]["error"]["errors"]]
    assert missing == ["gender", "birth_date", "id_type", "id_number"]
    assert [e["field"] for e in answers[3]["error"]["errors"]] == ["access"]
    assert "secret" not in answer.text


async def test_a_batch_answers_what_single_questions_are_answered(
    center: Any, register: Any, person: Any
) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", Scope.CUSTOMER_MATCH, Scope.MATCH_EXPLAIN)
    questions = [person, {**person, "name": "王立华"}, {**person, "id_number": None}, NOBODY]
    answer = await center.http.post(
        "/v1/match/batch", params={"explain": "true"}, json={"questions": questions}, headers=headers
    )
    for question, batched in zip(questions, answer.json()["answers"], strict=True):
        single = await center.http.post(
            "/v1/match", params={"explain": "true"}, json=question, headers=headers
        )
        assert {**batched["answer"], "match_id": 0} == {**single.json(), "match_id": 0}


async def test_every_question_is_an_event(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("hospital", Scope.CUSTOMER_MATCH)
    body = {"questions": [person, NOBODY, {}]}
    answers = (await center.http.post("/v1/match/batch", json=body, headers=headers)).json()["answers"]
    logged = await center.events(kind="match", client_id="hospital")
    assert {e["match_id"] for e in logged} == {a["answer"]["match_id"] for a in answers if "answer" in a}


async def test_explaining_a_batch_needs_the_scope(center: Any, person: Any) -> None:
    headers = await center.bearer("hospital", Scope.CUSTOMER_MATCH)
    answer = await center.http.post(
        "/v1/match/batch", params={"explain": "true"}, json={"questions": [person]}, headers=headers
    )
    assert answer.status_code == 403


async def test_a_thousand_questions_fit_and_one_more_does_not(center: Any, person: Any) -> None:
    headers = await center.bearer("hospital", Scope.CUSTOMER_MATCH)

    async def ask(count: int) -> Any:
        body = {"questions": [{**person, "name": f"王丽华{n}"} for n in range(count)]}
        return await center.http.post("/v1/match/batch", json=body, headers=headers)

    assert (await ask(1001)).status_code == 422
    answer = await ask(1000)
    assert answer.status_code == 200
    assert len(answer.json()["answers"]) == 1000


async def test_the_bound_of_other_routes_stays(center: Any, person: Any) -> None:
    headers = await center.bearer("hospital", Scope.CUSTOMER_MATCH)
    large = {**person, "more": "x" * 70_000}
    answer = await center.http.post("/v1/match", json=large, headers=headers)
    assert answer.json()["code"] == "body_too_large"
    large = {"questions": [{**person, "more": "x" * 1_100_000}]}
    answer = await center.http.post("/v1/match/batch", json=large, headers=headers)
    assert answer.json()["code"] == "body_too_large"


async def test_cross_references_stream_for_the_systems_a_client_knows(
    center: Any, register: Any, person: Any
) -> None:
    customer = await register("medical", "P1", person)
    await register("elder_care", "E1", person)

    async def read(headers: dict[str, str], **query: str) -> Any:
        return await center.http.get("/v1/cross-references", params=query, headers=headers)

    every = await center.bearer("reader", Scope.CUSTOMER_READ)
    answer = await read(every)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [(r["source_system"], r["local_id"]) for r in rows] == [("elder_care", "E1"), ("medical", "P1")]
    assert {r["customer_id"] for r in rows} == {customer}
    assert len((await read(every, source_system="medical")).text.splitlines()) == 1
    bound = await center.bearer("home", Scope.CUSTOMER_READ, systems=frozenset({"elder_care"}))
    assert [json.loads(line)["source_system"] for line in (await read(bound)).text.splitlines()] == [
        "elder_care"
    ]
    assert (await read(bound, source_system="medical")).status_code == 403
    assert {e["outcome"] for e in await center.events(kind="export", client_id="home")} == {"ok", "deny"}
