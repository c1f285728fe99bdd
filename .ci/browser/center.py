"""A center for the walk: the sample's people, four accounts, and a log of ten thousand events."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from app.adapters.ids import RandomIds
from app.bootstrap.ground import open_ground
from app.core.access.roles import Role
from app.core.audit.event import Event, Kind
from app.core.identity.documents.gb11643 import check_character
from app.core.index.customer import LocalId
from app.demo.sample import make_sample
from app.settings import read_settings

BIN = Path(sys.executable).parent
EVENTS = 10_000
_NUMBER = "11010119580321002"
SLIPS = (
    {
        "source_system": "medical",
        "local_id": "M90001",
        "name": "王丽华",
        "gender": "female",
        "birth_date": "1958-03-21",
        "id_type": "resident_id_card",
        "id_number": _NUMBER + check_character(_NUMBER),
    },
    {
        "source_system": "elder_care",
        "local_id": "E90001",
        "name": "王立华",
        "gender": "female",
        "birth_date": "1958-03-12",
        "id_type": "resident_id_card",
        "id_number": "11010119583021002" + check_character(_NUMBER),
    },
)
"""A pair to be settled in which a name, a date and a number differ, each by a slip."""


@dataclass(frozen=True)
class Center:
    """Where it answers, the one-time password of each role's account, two customers whom several systems
    know, and what one system says of somebody."""

    url: str
    passwords: Mapping[Role, str]
    customers: tuple[str, str]
    person: Mapping[str, str]


@contextmanager
def serving(folder: Path) -> Iterator[Center]:
    """Makes everything in `folder`, and serves until the end."""
    port = _free_port()
    environment = {
        **os.environ,
        "CDC_DATA_DIR": str(folder),
        "CDC_PORT": str(port),
        "CDC_SEAL_SECONDS": "1",
    }
    rows = folder / "rows.ndjson"
    sample = make_sample()
    sample.write_rows(rows)
    slips = folder / "slips.ndjson"
    slips.write_text("".join(json.dumps(row) + "\n" for row in SLIPS), encoding="utf-8")
    for command in (("init",), ("import", str(rows)), ("import", str(slips))):
        _run(environment, *command)
    asyncio.run(_fill_log(environment))
    customers = asyncio.run(_two_customers(environment))
    passwords = {
        role: json.loads(
            _run(environment, "account", "create", account(role), "--role", role.value, "--json")
        )["one_time_password"]
        for role in Role
    }
    log = folder / "cdc.log"
    with log.open("wb") as out:
        process = subprocess.Popen([BIN / "cdc", "serve"], env=environment, stdout=out, stderr=out)
        try:
            yield Center(
                _ready(f"http://127.0.0.1:{port}", process, log),
                passwords,
                customers,
                sample.rows[0].elements,
            )
        finally:
            process.terminate()
            process.wait(30)


def account(role: Role) -> str:
    """The name of a role's account."""
    return f"the-{role.value.replace('_', '-')}"


async def _fill_log(environment: Mapping[str, str]) -> None:
    """Matches and decisions of the last day, as a partner would make them."""
    ids, now = RandomIds(), datetime.now(UTC)
    kinds = ((Kind.MATCH, "match"), (Kind.MATCH, "no_match"), (Kind.ACCESS, "permit"), (Kind.ACCESS, "deny"))
    async with open_ground(read_settings(environment)) as ground:
        for start in range(0, EVENTS, 1000):
            async with ground.units() as unit:
                for n in range(start, start + 1000):
                    kind, outcome = kinds[n % len(kinds)]
                    unit.events.append(
                        Event(
                            event_id=ids.uuid(),
                            at=now - timedelta(seconds=8 * (EVENTS - n)),
                            kind=kind,
                            outcome=outcome,
                            client_id=("hospital", "elder-care", "funeral")[n % 3],
                            domains=("medical",) if kind is Kind.ACCESS else (),
                            purpose="TREAT" if kind is Kind.ACCESS else None,
                            reasons=("consent_withdrawn",) if outcome == "deny" else (),
                            source="192.0.2.7",
                        )
                    )
                await unit.commit()


async def _two_customers(environment: Mapping[str, str]) -> tuple[str, str]:
    async with open_ground(read_settings(environment)) as ground, ground.units() as unit:
        last, known = LocalId("", ""), Counter[str]()
        while page := await unit.cross_index.page(None, last):
            known.update(reference.customer_id for reference in page)
            last = page[-1].local
    (first, _), (second, _), *_ = known.most_common()
    return first, second


def _run(environment: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(
        [BIN / "cdc", *command], env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=300
    )
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> str:
    for _ in range(300):
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return url
        except httpx.TransportError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(log.read_text())
