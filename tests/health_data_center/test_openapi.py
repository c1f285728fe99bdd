"""The OpenAPI document is whole."""

import json
from typing import Any


async def test_every_reference_leads_somewhere(hdc: Any) -> None:
    document = (await hdc.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    references = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert references <= schemas.keys()
    assert {"Encounter", "MemorialPlot", "LookupIn", "RecordsIn"} <= schemas.keys()


async def test_every_call_is_described(hdc: Any) -> None:
    paths = (await hdc.get("/openapi.json")).json()["paths"]
    calls = [call for methods in paths.values() for call in methods.values()]
    assert {"look_up", "write_records", "read_records", "healthz", "readyz"} == {
        c["operationId"] for c in calls
    }
    assert all(call["summary"] for call in calls)
    assert (await hdc.get("/docs")).status_code == 200
