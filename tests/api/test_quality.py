"""The quality of a source system's records."""

from typing import Any

from app.core.access.scope import Scope

URL = "/v1/sources/medical/quality"


async def test_shares_and_duplicates(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    await register("medical", "P2", person)
    await register("medical", "P3", {**person, "gender": "male", "birth_date": "1980-02-28"})
    await register("medical", "P4", {**person, "id_number": "110101198002290027", "gender": None})
    await register("elder_care", "E1", {**person, "name": None})
    headers = await center.bearer("reader", Scope.CUSTOMER_READ)
    quality = (await center.http.get(URL, headers=headers)).json()
    assert (quality["source_system"], quality["records"]) == ("medical", 4)
    assert quality["duplicates"] >= 1
    fields = quality["fields"]
    assert fields["gender"] == {"missing": 0.25, "invalid": 0, "contradictory": 0.25}
    assert fields["birth_date"] == {"missing": 0, "invalid": 0, "contradictory": 0.25}
    assert fields["id_number"] == {"missing": 0, "invalid": 0.25, "contradictory": 0}
    assert fields["name"]["missing"] == 0


async def test_a_bound_client_reads_its_own_alone(center: Any, register: Any, person: Any) -> None:
    await register("medical", "P1", person)
    headers = await center.bearer("home", Scope.CUSTOMER_READ, systems=frozenset({"elder_care"}))
    assert (await center.http.get(URL, headers=headers)).status_code == 403
    nobody = await center.http.get("/v1/sources/elder_care/quality", headers=headers)
    assert nobody.status_code == 404
    logged = await center.events(kind="quality_read", client_id="home")
    assert [e["outcome"] for e in logged] == ["not_found", "deny"]
