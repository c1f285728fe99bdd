"""A center for the walk: the sample's people, four accounts, and a log of ten thousand events."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from joserfc.jwk import ECKey

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
    """Where it answers, the one-time password of each role's account, three customers whom several systems
    know, and what one system says of somebody."""

    url: str
    passwords: Mapping[Role, str]
    customers: tuple[str, ...]
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
    customers = asyncio.run(_known_customers(environment))
    secret = _partners(environment, folder)
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
            url = _ready(f"http://127.0.0.1:{port}", process, log)
            _ask(url, secret, [row.elements for row in sample.rows[:40]])
            yield Center(url, passwords, customers, sample.rows[0].elements)
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


def _partners(environment: Mapping[str, str], folder: Path) -> str:
    """A partner with a secret, which is returned, one with keys, one whose keys are under a URL, and one that
    looks after erasures."""
    key = ECKey.generate_key("P-256", {"kid": "his-2026"}).as_dict(private=False)
    jwks = folder / "jwks.json"
    jwks.write_text(json.dumps({"keys": [key]}), encoding="utf-8")
    ask = "customer:match customer:register records:medical records:elder_care"
    uri = "https://his.elder-care.example/jwks.json"
    create = ("client", "create", "--json", "--client-id")
    made = _run(environment, *create, "hospital", "--domain", "medical", "--scopes", ask)
    _run(environment, *create, "elder-care", "--domain", "elder_care", "--scopes", ask, "--jwks-uri", uri)
    _run(environment, *create, "funeral", "--domain", "funeral", "--scopes", ask, "--jwks", str(jwks))
    _run(environment, *create, "privacy-desk", "--source-systems", "all", "--scopes", "data:erase")
    secret: str = json.loads(made)["client_secret"]
    return secret


def _ask(url: str, secret: str, people: Sequence[Mapping[str, str]]) -> None:
    """Some matches, so that there are times to show."""
    with httpx.Client(base_url=url) as http:
        granted = http.post(
            "/oauth2/token", data={"grant_type": "client_credentials"}, auth=("hospital", secret)
        ).json()
        http.headers["Authorization"] = f"Bearer {granted['access_token']}"
        for person in people:
            http.post("/v1/match", json=person).raise_for_status()


async def _known_customers(environment: Mapping[str, str]) -> tuple[str, ...]:
    async with open_ground(read_settings(environment)) as ground, ground.units() as unit:
        last, known = LocalId("", ""), Counter[str]()
        while page := await unit.cross_index.page(None, last):
            known.update(reference.customer_id for reference in page)
            last = page[-1].local
    return tuple(customer_id for customer_id, _ in known.most_common(3))


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
