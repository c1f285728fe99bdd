"""Files over HTTP: queued, registered in the background, followed, cancelled, resumed."""

import asyncio
import gzip
import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.core.access.scope import Scope
from app.services.purge_imports import PurgeImports
from app.services.run_imports import LEASE, RunImports
from app.services.upload_import import PATIENCE

URL = "/v1/imports"


def lines(person: dict[str, Any], count: int, system: str = "medical") -> list[dict[str, Any]]:
    return [
        {**person, "name": f"王丽{chr(0x4E00 + n)}", "id_type": None, "id_number": None}
        | {"birth_date": f"19{n % 90 + 10}-0{n % 9 + 1}-1{n % 10}"}
        | {"source_system": system, "local_id": f"P{n}"}
        for n in range(count)
    ]


def ndjson(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


async def ended(center: Any, headers: dict[str, str], location: str) -> Any:
    async with asyncio.timeout(60):
        while True:
            job = (await center.http.get(location, headers=headers)).json()
            if job["status"] not in ("queued", "running"):
                return job
            await asyncio.sleep(0.05)


async def results(center: Any, headers: dict[str, str], location: str) -> list[Any]:
    answer = await center.http.get(f"{location}/results", headers=headers)
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture
async def headers(center: Any) -> dict[str, str]:
    found: dict[str, str] = await center.bearer("hospital", Scope.CUSTOMER_REGISTER, Scope.CUSTOMER_READ)
    return found


@pytest.mark.parametrize("packed", [False, True])
async def test_a_file_is_registered_and_every_row_accounted_for(
    center: Any, headers: Any, person: Any, packed: bool
) -> None:
    rows = lines(person, 230)
    rows[7]["gender"] = "secret"
    rows[9]["local_id"] = "P8"
    content = ndjson(rows) + b"no json\n"
    answer = await center.http.post(
        URL, content=gzip.compress(content) if packed else content, headers=headers
    )
    assert answer.status_code == 202, answer.text
    location = answer.headers["location"]
    assert answer.json()["rows"] == 231
    job = await ended(center, headers, location)
    assert (job["status"], job["done"]) == ("completed", 231)
    assert sum(job["outcomes"].values()) == 231
    assert job["outcomes"]["rejected"] == 2
    found = await results(center, headers, location)
    assert [row["line"] for row in found] == list(range(1, 232))
    assert (found[7]["outcome"], found[7]["field"]) == ("rejected", "gender")
    assert found[230]["code"] == "json"
    assert "secret" not in json.dumps(found)
    one = await center.http.get("/v1/sources/medical/customers/P0", headers=headers)
    assert one.json()["customer_id"] == found[0]["customer_id"]
    assert [e["outcome"] for e in await center.events(kind="import")] == ["completed", "queued"]


async def test_csv_with_attributes_and_another_encoding(center: Any, headers: Any) -> None:
    text = (
        "local_id,Name,gender,birth_date,id_type,id_number,attributes.phones,verification\r\n"
        'P1,王丽华,2,1980-02-29,01,110101198002290026,"mobile:13800138000; 010-62345678",card_read\r\n'
        'P2,"欧阳\n震华",1,1971-06-05,,,,\r\n'
    )
    answer = await center.http.post(
        URL,
        params={"source_system": "medical"},
        content=text.encode("gb18030"),
        headers={**headers, "Content-Type": "text/csv"},
    )
    job = await ended(center, headers, answer.headers["location"])
    assert job["outcomes"] == {"created": 2}
    found = await results(center, headers, answer.headers["location"])
    customer = await center.http.get(f"/v1/customers/{found[0]['customer_id']}", headers=headers)
    assert customer.json()["elements"]["name"] == "王丽华"
    phones = customer.json()["attributes"]["phones"]
    assert {(p["value"], p["kind"]) for p in phones} == {
        ("+8613800138000", "mobile"),
        ("01062345678", None),
    }


async def test_the_same_file_again_changes_nothing(center: Any, headers: Any, person: Any) -> None:
    content = ndjson(lines(person, 5))
    for outcome in ("created", "unchanged"):
        answer = await center.http.post(URL, content=content, headers=headers)
        job = await ended(center, headers, answer.headers["location"])
        assert job["outcomes"] == {outcome: 5}


async def test_rows_of_other_systems_are_rejected(center: Any, person: Any) -> None:
    bound = await center.bearer("home", Scope.CUSTOMER_REGISTER, systems=frozenset({"elder_care"}))
    content = ndjson([*lines(person, 2, "elder_care"), *lines(person, 2, "medical")])
    answer = await center.http.post(URL, content=content, headers=bound)
    job = await ended(center, bound, answer.headers["location"])
    assert job["outcomes"]["rejected"] == 2
    found = await results(center, bound, answer.headers["location"])
    assert [row.get("code") for row in found[2:]] == ["source_system_not_allowed"] * 2
    refused = await center.http.post(URL, params={"source_system": "medical"}, content=b"", headers=bound)
    assert refused.status_code == 403


async def test_a_job_is_its_clients_alone(center: Any, headers: Any, person: Any) -> None:
    answer = await center.http.post(URL, content=ndjson(lines(person, 1)), headers=headers)
    other = await center.bearer("other", Scope.CUSTOMER_REGISTER)
    for path in ("", "/results"):
        found = await center.http.get(answer.headers["location"] + path, headers=other)
        assert found.status_code == 404
    cancelled = await center.http.post(answer.headers["location"] + "/cancel", headers=other)
    assert cancelled.status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(b'{"a": 1}\n' * 500, mtime=0)[:-9], id="ends early"),
        pytest.param(b"\x1f\x8bnot gzip at all", id="no gzip"),
    ],
)
async def test_a_damaged_file_is_refused(center: Any, headers: Any, content: bytes) -> None:
    answer = await center.http.post(URL, content=content, headers=headers)
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json()["errors"]] == ["body"]


async def test_cancelling_ends_a_job_and_keeps_what_is_registered(
    center: Any, headers: Any, person: Any
) -> None:
    answer = await center.http.post(URL, content=ndjson(lines(person, 2000)), headers=headers)
    location = answer.headers["location"]
    async with asyncio.timeout(60):
        while not (await center.http.get(location, headers=headers)).json()["done"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    job = (await center.http.post(f"{location}/cancel", headers=headers)).json()
    assert job["status"] == "cancelled"
    await asyncio.sleep(0.3)
    after = (await center.http.get(location, headers=headers)).json()
    assert (after["status"], after["done"]) == ("cancelled", job["done"])
    assert len(await results(center, headers, location)) == job["done"] < 2000
    again = await center.http.post(f"{location}/cancel", headers=headers)
    assert again.json()["status"] == "cancelled"


class Later:
    """A clock that is ahead of a real one."""

    def __init__(self, clock: Any, by: timedelta) -> None:
        self._clock = clock
        self._by = by

    def now(self) -> datetime:
        moment: datetime = self._clock.now() + self._by
        return moment

    def today(self) -> date:
        day: date = self._clock.today()
        return day


async def test_another_runner_goes_on_where_one_died(
    center: Any, headers: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = RunImports._part
    parts = 0

    async def dies_at_the_third(self: RunImports, job: Any, *rest: Any) -> Any:
        nonlocal parts
        parts += 1
        if parts == 3:
            raise asyncio.CancelledError
        return await work(self, job, *rest)

    monkeypatch.setattr(RunImports, "_part", dies_at_the_third)
    answer = await center.http.post(URL, content=ndjson(lines(person, 450)), headers=headers)
    location = answer.headers["location"]
    async with asyncio.timeout(60):
        while parts < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    monkeypatch.undo()
    died: RunImports = center.services.run_imports
    assert not await died.once(), "the lease holds"
    late = replace(died, clock=Later(died.clock, LEASE * 2))
    assert await late.once()
    job = (await center.http.get(location, headers=headers)).json()
    assert (job["status"], job["done"], sum(job["outcomes"].values())) == ("completed", 450, 450)
    assert "unchanged" not in job["outcomes"]
    found = await results(center, headers, location)
    assert [row["line"] for row in found] == list(range(1, 451))


async def test_an_upload_that_broke_off_fails_in_the_end(center: Any, headers: Any, person: Any) -> None:
    async def body() -> Any:
        yield ndjson(lines(person, 150))
        raise ConnectionError

    with suppress(ConnectionError):
        await center.http.post(URL, content=body(), headers=headers)
    died: RunImports = center.services.run_imports
    assert not await died.once()
    late = replace(died, clock=Later(died.clock, PATIENCE * 2))
    assert await late.once()
    assert (await center.events(kind="import"))[0]["outcome"] == "failed"


async def test_results_are_purged_some_time_after_the_end(center: Any, headers: Any, person: Any) -> None:
    answer = await center.http.post(URL, content=ndjson(lines(person, 3)), headers=headers)
    location = answer.headers["location"]
    before = await ended(center, headers, location)
    runner: RunImports = center.services.run_imports
    for days, status in ((29, 200), (31, 410)):
        late = Later(runner.clock, timedelta(days=days))
        await PurgeImports(runner.units, late, runner.ids, 30).once()
        found = await center.http.get(f"{location}/results", headers=headers)
        assert found.status_code == status
    assert found.json()["code"] == "results_gone"
    assert (await center.http.get(location, headers=headers)).json() == before


async def test_a_purge_that_deletes_is_an_event_and_one_that_finds_nothing_is_none(
    center: Any, headers: Any, person: Any
) -> None:
    for _ in range(2):
        answer = await center.http.post(URL, content=ndjson(lines(person, 3)), headers=headers)
        await ended(center, headers, answer.headers["location"])
    runner: RunImports = center.services.run_imports
    late = Later(runner.clock, timedelta(days=31))
    purge = PurgeImports(runner.units, late, runner.ids, 30)
    await asyncio.gather(purge.once(), purge.once())
    await purge.once()
    (event,) = await center.events(outcome="purged")
    assert (event["kind"], event["client_id"], event["detail"]["imports"]) == ("import", "service:imports", 2)
    ended_before = datetime.fromisoformat(event["detail"]["ended_before"])
    assert late.now() - ended_before > timedelta(days=30)


async def test_an_erasure_takes_its_rows_out_of_the_results(center: Any, headers: Any, person: Any) -> None:
    rows = lines(person, 103)
    answer = await center.http.post(URL, content=ndjson(rows), headers=headers)
    location = answer.headers["location"]
    await ended(center, headers, location)
    before = await results(center, headers, location)
    gone = before[101]["customer_id"]
    desk, officer = [await center.bearer(name, Scope.DATA_ERASE) for name in ("desk", "officer")]
    url = f"/v1/customers/{gone}/erasures"
    asked = await center.http.post(url, json={"basis": "consent_withdrawn"}, headers=desk)
    url = f"/v1/erasures/{asked.json()['erasure_id']}/confirm"
    assert (await center.http.post(url, headers=officer)).status_code == 200
    erased = [
        {"line": row["line"], "outcome": "erased"} if row["customer_id"] == gone else row for row in before
    ]
    assert erased != before
    assert await results(center, headers, location) == erased


async def test_a_client_has_a_few_imports_under_way(center: Any, headers: Any, person: Any) -> None:
    async def body() -> Any:
        yield ndjson(lines(person, 1))
        raise ConnectionError

    for _ in range(4):
        with suppress(ConnectionError):
            await center.http.post(URL, content=body(), headers=headers)
    refused = await center.http.post(URL, content=ndjson(lines(person, 1)), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_imports")
    (denied,) = await center.events(kind="import", outcome="deny")
    assert denied["reasons"] == ["too_many_imports"]
    other = await center.bearer("other", Scope.CUSTOMER_REGISTER)
    taken = await center.http.post(URL, content=ndjson(lines(person, 1)), headers=other)
    assert taken.status_code == 202
    died: RunImports = center.services.run_imports
    late = replace(died, clock=Later(died.clock, PATIENCE * 2))
    assert await late.once()
    again = await center.http.post(URL, content=ndjson(lines(person, 1)), headers=headers)
    assert again.status_code == 202
