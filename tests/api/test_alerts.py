"""Probing over HTTP: it slows the client down and is an alert that an auditor reads and acknowledges."""

from typing import Any

import pytest

from app.core.access.scope import Domain, Scope
from app.services.manage_clients import NewClient


@pytest.fixture
async def auditor(center: Any) -> Any:
    headers: Any = await center.bearer("auditor", Scope.AUDIT_READ)
    return headers


async def _bearer(center: Any, client_id: str, rate: int | None) -> dict[str, str]:
    scopes = frozenset({Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL})
    new = NewClient(client_id, scopes, Domain.MEDICAL, "all", rate)
    secret = (await center.services.manage_clients.create(new, None)).secret
    return {"Authorization": f"Bearer {await center.token(client_id, secret)}"}


async def _ask(center: Any, person: Any, headers: Any, **changed: Any) -> int:
    answer = await center.http.post("/v1/match", json={**person, **changed}, headers=headers)
    status: int = answer.status_code
    return status


async def _alerts(center: Any, auditor: Any, **query: Any) -> list[dict[str, Any]]:
    answer = await center.http.get("/v1/alerts", params=query, headers=auditor)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_names_tried_with_one_number_slow_the_client_and_are_an_alert(
    center: Any, register: Any, person: Any, auditor: Any
) -> None:
    await register("medical", "P1", person)
    headers = await _bearer(center, "prober", 500)
    names = ("赵一", "钱二", "孙三", "李四", "周五", "吴六")
    statuses = [await _ask(center, person, headers, name=name) for name in names]
    assert statuses == [200] * 6
    (alert,) = await _alerts(center, auditor)
    assert (alert["rule"], alert["client_id"]) == ("probing_people_with_one_number", "prober")
    assert (alert["count"], alert["severity"]) == (6, "warning")
    slow = [await _ask(center, person, headers) for _ in range(4)]
    assert 429 in slow
    await center.services.limit_rate.tally.flush()
    reasons = {tuple(event["reasons"]) for event in await center.events(kind="rate_limit")}
    assert reasons == {("slowed_for_probing",)}


async def test_numbers_tried_with_one_person_are_an_alert(center: Any, person: Any, auditor: Any) -> None:
    headers = await _bearer(center, "prober", 500)
    for number in range(12):
        await _ask(center, person, headers, id_type="passport", id_number=f"E1234567{number:02}")
    assert [alert["rule"] for alert in await _alerts(center, auditor)] == ["probing_numbers_with_one_person"]


async def test_many_misses_are_an_alert_also_in_a_batch(center: Any, person: Any, auditor: Any) -> None:
    headers = await _bearer(center, "prober", 500)
    people = [
        {**person, "name": f"王{chr(0x4E00 + n)}", "birth_date": f"19{n % 100:02}-01-01", "id_number": None}
        for n in range(200)
    ]
    answer = await center.http.post("/v1/match/batch", json={"questions": people}, headers=headers)
    assert answer.status_code == 200
    assert "probing_misses" in {alert["rule"] for alert in await _alerts(center, auditor)}


async def test_the_same_question_again_and_hits_are_no_probing(
    center: Any, register: Any, person: Any, auditor: Any
) -> None:
    await register("medical", "P1", person)
    headers = await _bearer(center, "partner", 500)
    for _ in range(20):
        await _ask(center, person, headers)
        await _ask(center, person, headers, name="赵一")
    assert await _alerts(center, auditor) == []


async def test_a_client_without_a_rate_is_not_watched(center: Any, person: Any, auditor: Any) -> None:
    headers = await _bearer(center, "batch", None)
    for name in ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七"):
        await _ask(center, person, headers, name=name)
    assert await _alerts(center, auditor) == []


async def test_an_alert_is_acknowledged_once_and_that_is_on_record(
    center: Any, register: Any, person: Any, auditor: Any
) -> None:
    headers = await _bearer(center, "prober", 500)
    for name in ("赵一", "钱二", "孙三", "李四", "周五", "吴六"):
        await _ask(center, person, headers, name=name)
    (alert,) = await _alerts(center, auditor, acknowledged="false")
    url = f"/v1/alerts/{alert['alert_id']}/acknowledge"
    first = (await center.http.post(url, headers=auditor)).json()
    second = (await center.http.post(url, headers=auditor)).json()
    assert first == second
    assert first["acknowledged_by"] == "auditor"
    assert await _alerts(center, auditor, acknowledged="false") == []
    assert len(await _alerts(center, auditor, acknowledged="true", rule=alert["rule"])) == 1
    assert await _alerts(center, auditor, client_id="nobody") == []
    events = await center.events(kind="alert")
    assert [event["outcome"] for event in events] == ["acknowledged", "raised"]
    unknown = "/v1/alerts/01a20059-624a-7cf3-8ed3-e39f3841bcc3/acknowledge"
    assert (await center.http.post(unknown, headers=auditor)).status_code == 404


async def test_alerts_come_in_pages(center: Any, person: Any, auditor: Any) -> None:
    for client in ("one", "two", "three"):
        headers = await _bearer(center, client, 500)
        for name in ("赵一", "钱二", "孙三", "李四", "周五", "吴六"):
            await _ask(center, person, headers, name=name)
    answer = (await center.http.get("/v1/alerts", params={"limit": 2}, headers=auditor)).json()
    assert [alert["client_id"] for alert in answer["items"]] == ["three", "two"]
    rest = await center.http.get("/v1/alerts", params={"cursor": answer["next"]}, headers=auditor)
    assert [alert["client_id"] for alert in rest.json()["items"]] == ["one"]
    assert rest.json()["next"] is None
