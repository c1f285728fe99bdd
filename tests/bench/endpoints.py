"""What is measured, and the calls that do it."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, urlencode

from tests.bench.load import Calls
from tests.bench.people import Elements, with_one_typo
from tests.bench.processes import Service
from tests.bench.site import Site, expect

ASKED_AT_ONCE = 20_000
"""How many people one run asks for; the next run asks for others, as far as there are."""
GRANTED = 300
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}
_ACCESS = {"domains": ["elder_care"], "purpose": "TREAT"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`calls` makes the calls of the run with that number. `services`: whose processor time it takes."""

    name: str
    calls: Callable[[int], Calls]
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The endpoints of a site, in the order in which they are measured."""

    site: Site
    _rng: Random = field(default_factory=lambda: Random(7))

    def reference(self) -> Endpoint:
        """One SELECT and one INSERT."""
        return Endpoint("reference", self._visits, (self.site.reference,))

    def measured(self) -> list[Endpoint]:
        """All others."""
        site = self.site
        return [
            Endpoint("no-op", self._no_op, (site.reference,)),
            Endpoint("exact match", lambda n: self._matches(n, lambda p: p.as_json()), (site.cdc,)),
            Endpoint("one-typo match", self._typos, (site.cdc,)),
            Endpoint("match with access", self._accesses, (site.cdc,)),
            Endpoint("client token", self._tokens, (site.cdc,)),
            Endpoint("introspection", self._introspections, (site.cdc,)),
            Endpoint("proxied look-up", self._look_ups, (site.cdc, site.hdc)),
        ]

    def _people(self, number: int) -> list[Elements]:
        people = self.site.people
        start = number * ASKED_AT_ONCE % len(people)
        asked = (people[start:] + people[:start])[:ASKED_AT_ONCE]
        return self._rng.sample(asked, len(asked))

    def _visits(self, _number: int) -> Calls:
        ids = (self._rng.randrange(1, len(self.site.people) + 1) for _ in range(ASKED_AT_ONCE))
        return Calls("GET", f"{self.site.reference.url}/people/", {}, [{"path": str(n)} for n in ids])

    def _no_op(self, _number: int) -> Calls:
        return Calls("GET", f"{self.site.reference.url}/no-op", {}, [{}])

    def _typos(self, number: int) -> Calls:
        return self._matches(number, lambda person: with_one_typo(self._rng, person).as_json())

    def _accesses(self, number: int) -> Calls:
        return self._matches(number, lambda person: {**person.as_json(), "access": _ACCESS})

    def _matches(self, number: int, body: Callable[[Elements], object]) -> Calls:
        headers = {**_JSON, **self.site.bearer("hospital")}
        items = [{"body": json.dumps(body(person), ensure_ascii=False)} for person in self._people(number)]
        return Calls("POST", f"{self.site.cdc.url}/v1/match", headers, items)

    def _tokens(self, _number: int) -> Calls:
        headers = {**_FORM, "Authorization": self._basic("hospital")}
        items = [{"body": "grant_type=client_credentials"}]
        return Calls("POST", f"{self.site.cdc.url}/oauth2/token", headers, items)

    def _introspections(self, _number: int) -> Calls:
        headers = {**_FORM, "Authorization": self._basic("hdc")}
        tokens = (self.site.token("hospital") for _ in range(100))
        items = [{"body": urlencode({"token": token})} for token in tokens]
        return Calls("POST", f"{self.site.cdc.url}/oauth2/introspect", headers, items)

    def _look_ups(self, number: int) -> Calls:
        """Customer-bound tokens live five minutes, so each run gets its own."""
        partner = self.site.bearer("hospital")
        granted = [self._granted(person, partner) for person in self._people(number)[:GRANTED]]
        self._put_records([customer for customer, _ in granted])
        items = [
            {"path": f"/v1/customers/{customer}/records/elder_care", "token": f"Bearer {token}"}
            for customer, token in granted
        ]
        return Calls("GET", self.site.cdc.url, {}, items)

    def _granted(self, person: Elements, partner: dict[str, str]) -> tuple[str, str]:
        body = {**person.as_json(), "access": _ACCESS}
        answer = expect(self.site.http.post(f"{self.site.cdc.url}/v1/match", json=body, headers=partner))
        return answer["customer_id"], answer["access"]["access_token"]

    def _put_records(self, customers: list[str]) -> None:
        hdc = self.site.hdc.url
        headers = self.site.bearer("care-home", hdc)
        items = [_care_plan(customer) for customer in customers]
        expect(self.site.http.post(f"{hdc}/v1/records", json={"items": items}, headers=headers))

    def _basic(self, client_id: str) -> str:
        pair = f"{quote(client_id)}:{quote(self.site.credentials[client_id])}"
        return f"Basic {b64encode(pair.encode()).decode()}"


def _care_plan(customer: str) -> dict[str, object]:
    return {
        "customer_id": customer,
        "domain": "elder_care",
        "source_system": "care-home",
        "source_id": f"plan-{customer}",
        "kind": "care_plan",
        "occurred_at": "2026-10-01T08:00:00Z",
        "goals": ["预防跌倒"],
        "measures": ["每日陪同散步"],
        "diet": "soft",
    }
