"""`demo.json`: what scripts need to go on from where the tour ends."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.demo.clients import CLIENTS, Credentials
from app.demo.plan import Plan
from app.demo.sample import Example


def manifest_path(plan: Plan) -> Path:
    """Where it lies."""
    return plan.data_dir / "demo.json"


def write_manifest(plan: Plan, clients: Mapping[str, Credentials], examples: Sequence[Example]) -> Path:
    """Renamed into place when whole, and readable by its owner alone: it holds secrets."""
    content = {
        "cdc": plan.cdc_url,
        "hdc": plan.hdc_url,
        "clients": {
            name: {
                "client_id": who.client_id,
                "client_secret": who.client_secret,
                "scope": CLIENTS[name].scope,
                "domain": CLIENTS[name].domain,
            }
            for name, who in clients.items()
        },
        "examples": [{"elements": e.elements, "expect": e.expect, "about": e.about} for e in examples],
    }
    path = manifest_path(plan)
    partial = path.with_name("demo.json.part")
    partial.unlink(missing_ok=True)
    with os.fdopen(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as out:
        json.dump(content, out, ensure_ascii=False, indent=2)
    partial.replace(path)
    return path
