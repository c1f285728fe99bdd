"""Whether the time of a refusal tells its reason: `python -m tests.bench.disclosure`.

The application over ASGI on a SQLite file, with its refusals at even beats and without. For each reason the
median and the quartiles of a few hundred interleaved questions, and how often a guess by time alone is right.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import httpx

from app.adapters.crypto.key_file import generate_keys
from app.adapters.db import migrate
from app.api.app import build_app
from app.bootstrap.lifespan import lifespan_of
from app.core.access.scope import Domain, Scope
from app.services.manage_clients import NewClient
from app.settings import read_settings
from tests.api.test_least_disclosure import PAYMENT, TREATMENT
from tests.people import OUYANG, WANG

ROUNDS = 300
ASKED: Mapping[str, Mapping[str, Any]] = {
    "no such customer": {**OUYANG, "access": TREATMENT},
    "denied": {**WANG, "access": PAYMENT},
    "review": {**WANG, "id_type": None, "id_number": None, "access": TREATMENT},
}


@asynccontextmanager
async def _center(directory: Path, beat: int) -> AsyncIterator[tuple[httpx.AsyncClient, dict[str, str]]]:
    environment = {
        "CDC_DATA_DIR": str(directory),
        "CDC_KEYS": json.dumps(generate_keys()),
        "CDC_REFUSAL_MILLISECONDS": str(beat),
    }
    settings = read_settings(environment)
    await asyncio.to_thread(migrate.upgrade, settings.database_url)
    app = build_app(lifespan_of(settings))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as http:
            scopes = frozenset({Scope.CUSTOMER_MATCH, Scope.CUSTOMER_REGISTER, Scope.RECORDS_ELDER_CARE})
            new = NewClient("hospital", scopes, Domain.MEDICAL, "all", None)
            secret = (await app.state.services.manage_clients.create(new, None)).secret
            form = {"grant_type": "client_credentials"}
            token = await http.post("/oauth2/token", data=form, auth=("hospital", secret))
            headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
            await http.put("/v1/sources/medical/customers/P1", json=WANG, headers=headers)
            yield http, headers


async def _measure(beat: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by reason."""
    taken: dict[str, list[float]] = {why: [] for why in ASKED}
    with TemporaryDirectory(prefix="cdc-bench-") as directory:
        async with _center(Path(directory), beat) as (http, headers):
            for number in range(ROUNDS + 20):
                for why, body in ASKED.items():
                    began = perf_counter()
                    answer = await http.post("/v1/match", json=body, headers=headers)
                    took = (perf_counter() - began) * 1000
                    assert answer.json()["access"]["decision"] == "deny"
                    if number >= 20:  # the first ones warm up
                        taken[why].append(took)
    return taken


def _guessed(one: list[float], other: list[float]) -> float:
    """How often the longer of two answers is of the reason that takes longer: 0.5 is chance."""
    pairs = [(a < b) + (a == b) / 2 for a in one for b in other]
    right = sum(pairs) / len(pairs)
    return max(right, 1 - right)


def main() -> None:
    """Prints both tables."""
    for beat in (0, 50):
        taken = asyncio.run(_measure(beat))
        print(f"beat {beat} ms, {ROUNDS} answers for each reason")
        for why, times in taken.items():
            low, _, high = quantiles(times, n=4)
            print(f"  {why:18} median {median(times):7.2f} ms   quartiles {low:7.2f} {high:7.2f}")
        reasons = list(taken)
        for i, one in enumerate(reasons):
            for other in reasons[i + 1 :]:
                print(f"  {one} / {other}: guessed {_guessed(taken[one], taken[other]):.2f}")


if __name__ == "__main__":
    main()
