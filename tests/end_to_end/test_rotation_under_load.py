"""Keys of the index and of the data are rotated at the terminal while two workers answer matches and register
people over HTTP: nobody is lost, nobody is there twice."""

import subprocess
import threading
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.end_to_end.test_roads import bearer

KNOWN = 240
"""More than a page of records of a rotation of the index."""


def person(number: int) -> dict[str, str]:
    surname, first, second = "王李张刘陈"[number % 5], chr(0x4E2D + number), chr(0x5B89 + number)
    return {
        "name": f"{surname}{first}{second}",
        "gender": "female",
        "birth_date": f"19{40 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}",
        "id_type": "other",
        "id_number": f"ZY-{2357 + 7 * number}",
    }


@dataclass
class Crowd:
    """Everybody who was registered, and what every question brought."""

    url: str
    headers: dict[str, str]
    customers: dict[int, str] = field(default_factory=dict)
    wrong: list[tuple[int, Any]] = field(default_factory=list)
    asked: int = 0
    registered: int = 0

    def register(self, http: httpx.Client, number: int, system: str) -> str:
        url = f"{self.url}/v1/sources/{system}/customers/P{number}"
        answer = http.put(url, json=person(number), headers=self.headers)
        assert answer.status_code == 200, answer.text
        customer_id: str = answer.json()["customer_id"]
        return customer_id

    def ask(self, http: httpx.Client, number: int) -> None:
        """A match must bring the one customer."""
        answer = http.post(f"{self.url}/v1/match", json=person(number), headers=self.headers)
        self.asked += 1
        found = answer.json().get("customer_id") if answer.status_code == 200 else answer.text
        if found != self.customers[number]:
            self.wrong.append((number, found))

    def come(self, http: httpx.Client, number: int) -> None:
        """Somebody new to the first system, whom a second one knows too; both mean one customer."""
        self.customers[number] = self.register(http, number, "medical")
        again = self.register(http, number, "elder_care")
        self.registered += 2
        if again != self.customers[number]:
            self.wrong.append((number, again))
        self.ask(http, number)


@contextmanager
def busy(crowd: Crowd) -> Iterator[None]:
    """Questions and registrations without end, each on a thread of its own."""
    over = threading.Event()

    def asking() -> None:
        with httpx.Client(timeout=30) as http:
            while not over.is_set():
                for number in range(0, KNOWN, 7):
                    crowd.ask(http, number)
                    over.wait(0.02)

    def coming() -> None:
        with httpx.Client(timeout=30) as http:
            for number in range(KNOWN, KNOWN + 10_000):
                crowd.come(http, number)
                if over.wait(0.2):
                    return

    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(work) for work in (asking, coming)]
        try:
            yield
        finally:
            over.set()
        for work in working:
            work.result()


def test_nobody_is_lost_and_nobody_is_there_twice(centers: Any) -> None:
    scopes = "customer:register customer:match customer:read"
    partner = centers.client("partner", scopes, "--source-systems", "all", "--rate", "none")
    centers.start("cdc", "--workers", "2")
    crowd = Crowd(centers.cdc, bearer(centers.token(partner)))
    with httpx.Client(timeout=30) as http:
        for number in range(KNOWN):
            crowd.customers[number] = crowd.register(http, number, "medical")
    assert len(set(crowd.customers.values())) == KNOWN

    with busy(crowd):
        for which in ("data", "index"):
            before = crowd.asked, crowd.registered
            done: subprocess.CompletedProcess[str] = centers.run("cdc", "keys", "rotate", which)
            assert "is the active key" in done.stdout
            assert crowd.asked - before[0] > 50, "matches were asked all the while"
            assert crowd.registered > before[1], "people were registered all the while"
    assert crowd.wrong == []

    with httpx.Client(timeout=30) as http:
        for number in crowd.customers:
            crowd.ask(http, number)
    assert crowd.wrong == []
    of_customer = defaultdict(set)
    for number, customer_id in crowd.customers.items():
        of_customer[customer_id].add(number)
    assert [numbers for numbers in of_customer.values() if len(numbers) > 1] == []
    check = centers.run("cdc", "index", "rebuild", "--check")
    records = KNOWN + 2 * (len(crowd.customers) - KNOWN)
    assert f"{records} records and {len(crowd.customers)} customers compared, no differences" in check.stdout
    assert "nothing" in centers.run("cdc", "keys", "rows").stdout
    assert "is retired" in centers.run("cdc", "keys", "retire", "data").stdout
