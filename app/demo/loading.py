"""The sample goes in: source rows through `cdc import`, records through the Health Data Center's API."""

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from app.demo.answers import Json
from app.demo.centers import Centers
from app.demo.people import ELDER_CARE, FUNERAL, MEDICAL
from app.demo.processes import program, run_command
from app.demo.sample import Local, Sample

BATCH = 500
WRITERS = {MEDICAL: "hospital", ELDER_CARE: "elder_care", FUNERAL: "funeral"}
"""Which client brings which domain's records."""


def load_people(sample: Sample, data_dir: Path, environment: Mapping[str, str]) -> dict[Local, str]:
    """Registers every source row; the customer ID of each local ID. Changes nothing the second time."""
    file, exported = data_dir / "sample.ndjson", data_dir / "cross-references.ndjson"
    sample.write_rows(file)
    rejects = data_dir / "sample.rejects.ndjson"
    run_command([program("cdc"), "import", str(file), "--rejects", str(rejects)], environment, shown=True)
    run_command([program("cdc"), "export", "cross-references", str(exported)], environment)
    lines = map(json.loads, exported.read_text(encoding="utf-8").splitlines())
    return {(line["source_system"], line["local_id"]): line["customer_id"] for line in lines}


def load_records(sample: Sample, customer_ids: Mapping[Local, str], centers: Centers) -> int:
    """Gives each record its customer and stores it; how many there are."""
    count = 0
    for domain, client in WRITERS.items():
        items: list[Json] = [
            {**record, "customer_id": customer_ids[local]}
            for local, records in sample.records.items()
            if local[0] == domain
            for record in records
        ]
        remaining = iter(items)
        while batch := list(islice(remaining, BATCH)):
            centers.put_records(client, batch)
        count += len(items)
    return count
