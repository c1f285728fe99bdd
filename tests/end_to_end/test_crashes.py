"""kill -9: what was acknowledged is there, and no token is without its event."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from jose import jwt

from tests.asking import http

ROWS = 3000


def write_people(file: Path) -> None:
    """People who share nothing, so that each row makes a customer."""
    with file.open("w") as out:
        for n in range(ROWS):
            row = {
                "source_system": "medical",
                "local_id": f"P{n}",
                "name": "王李张刘陈杨黄吴"[n % 8] + chr(0x4E00 + n * 7 % 4999) + chr(0x5E00 + n * 13 % 3001),
                "gender": "male",
                "birth_date": (date(1930, 1, 1) + timedelta(days=5 * n)).isoformat(),
                "id_type": "passport",
                "id_number": f"E{n * 7919 % 10**8:08}",
            }
            out.write(json.dumps(row) + "\n")


def test_an_import_that_is_killed_loses_no_reported_row_and_goes_on(centers: Any) -> None:
    file = centers.directory / "people.ndjson"
    write_people(file)
    command = [str(Path(sys.executable).parent / "cdc"), "import", str(file)]
    process = subprocess.Popen(
        command,
        env=centers.environment,
        cwd=centers.directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    before = 0
    while before == 0 and process.poll() is None:
        time.sleep(0.02)
        before = stored(centers)
    process.send_signal(signal.SIGKILL)
    process.wait()
    after = exported(centers)
    assert 0 < before <= after < ROWS
    assert after % 500 == 0, "a batch is stored whole or not at all"
    done = centers.run("cdc", "import", str(file))
    assert f"unchanged {after}" in done.stdout
    assert f"created {ROWS - after}" in done.stdout
    assert exported(centers) == ROWS


def test_an_import_job_that_is_killed_goes_on_after_a_restart(centers: Any) -> None:
    """Nothing is lost and nothing doubled: each row has one result, and each record one version."""
    file = centers.directory / "people.ndjson"
    write_people(file)
    ward = centers.client(
        "ward", "customer:register customer:read", "--source-systems", "all", "--rate", "none"
    )
    auditor = centers.client("auditor", "audit:read")
    centers.start("cdc", "--workers", "2")

    def get(path: str) -> httpx.Response:
        answer = http.get(f"{centers.cdc}{path}", headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer

    headers = {"Authorization": f"Bearer {centers.token(ward)}"}
    queued = http.post(f"{centers.cdc}/v1/imports", content=file.read_bytes(), headers=headers, timeout=60)
    assert queued.status_code == 202
    job = queued.headers["location"]
    while (before := get(job).json()["done"]) == 0:
        time.sleep(0.05)
    centers.stop("cdc", signal.SIGKILL)
    assert before < ROWS
    with sqlite3.connect(centers.directory / "cdc.db") as database:  # a minute later
        database.execute("UPDATE import_jobs SET lease_until = updated_at")
    database.close()
    centers.start("cdc", "--workers", "2")
    while (state := get(job).json())["status"] == "running":
        time.sleep(0.1)
    assert (state["status"], state["done"], state["outcomes"]) == ("completed", ROWS, {"created": ROWS})
    results = [json.loads(line) for line in get(f"{job}/results").text.splitlines()]
    assert [result["line"] for result in results] == list(range(1, ROWS + 1))
    assert len({result["customer_id"] for result in results}) == exported(centers) == ROWS
    registered = centers.events(auditor, client_id="ward", kind="register")
    assert len(registered) == len({event["customer_id"] for event in registered}) == ROWS
    assert centers.run("cdc", "index", "rebuild", "--check").returncode == 0


def stored(centers: Any) -> int:
    """How many records are committed, seen beside the import: a command would take as long as the import."""
    with closing(sqlite3.connect(centers.directory / "cdc.db")) as database:
        found: int = database.execute("SELECT count(*) FROM source_records").fetchone()[0]
    return found


def exported(centers: Any) -> int:
    target = centers.directory / "xref.ndjson"
    centers.run("cdc", "export", "cross-references", str(target))
    return len(target.read_text().splitlines())


def test_every_token_that_was_issued_before_a_kill_has_its_event(centers: Any) -> None:
    partner = centers.client("partner", "customer:match", "--rate", "none")
    auditor = centers.client("auditor", "audit:read")
    centers.start("cdc", "--workers", "2")
    issued: list[str] = []

    def ask() -> None:
        try:
            with httpx.Client() as http:
                while True:
                    answer = http.post(
                        f"{centers.cdc}/oauth2/token",
                        data={"grant_type": "client_credentials"},
                        auth=(partner["client_id"], partner["client_secret"]),
                    )
                    issued.append(answer.json()["access_token"])
        except (httpx.TransportError, KeyError, ValueError):
            return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    centers.stop("cdc", signal.SIGKILL)
    for thread in threads:
        thread.join()
    assert len(issued) > 20
    centers.start("cdc")
    logged = {e["token_id"] for e in centers.events(auditor, client_id="partner", kind="token")}
    assert {jwt.get_unverified_claims(token)["jti"] for token in issued} <= logged
