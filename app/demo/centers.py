"""Both centers over HTTP, as any partner sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from app.demo.answers import Json, bearer, expect
from app.demo.clients import Credentials, fetch_token
from app.demo.slips import Elements


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body."""

    status: int
    body: Json


@dataclass(frozen=True, slots=True)
class Centers:
    """Calls in the name of a client. Close `http` when done."""

    http: httpx.Client
    cdc: str
    hdc: str
    clients: Mapping[str, Credentials]
    _tokens: dict[tuple[str, bool], str] = field(default_factory=dict)

    def token(self, client: str, *, for_hdc: bool = False) -> str:
        """A client's access token; with `for_hdc` one that is good at the HDC alone (RFC 8707)."""
        key = (client, for_hdc)
        if key not in self._tokens:
            resource = self.hdc if for_hdc else None
            self._tokens[key] = fetch_token(self.http, self.cdc, self.clients[client], resource)
        return self._tokens[key]

    def match(
        self, client: str, elements: Elements, access: Json | None = None, *, explain: bool = False
    ) -> Json:
        """`POST /v1/match`."""
        body = {**elements, **({"access": access} if access else {})}
        query = {"explain": "true"} if explain else {}
        return expect(
            self.http.post(
                f"{self.cdc}/v1/match", json=body, params=query, headers=bearer(self.token(client))
            ),
            200,
        )

    def records(self, token: str, customer_id: str, domain: str) -> Json:
        """The first road: through the CDC, by a customer-bound token."""
        url = f"{self.cdc}/v1/customers/{customer_id}/records/{domain}"
        return expect(self.http.get(url, headers=bearer(token)), 200)

    def look_up(self, client: str, elements: Elements, domains: Sequence[str], purpose: str) -> Answer:
        """The second road: through the HDC."""
        body = {**elements, "domains": domains, "purpose": purpose}
        headers = bearer(self.token(client, for_hdc=True))
        answer = self.http.post(f"{self.hdc}/v1/lookups", json=body, headers=headers)
        return Answer(answer.status_code, answer.json())

    def put_records(self, client: str, items: Sequence[Json]) -> None:
        """Stores a batch of business records in the HDC."""
        headers = bearer(self.token(client, for_hdc=True))
        expect(self.http.post(f"{self.hdc}/v1/records", json={"items": items}, headers=headers), 200, 201)

    def events(self, **filters: str) -> list[Json]:
        """The newest lines of the access log, as the auditor reads them."""
        url = f"{self.cdc}/v1/audit/events"
        answer = self.http.get(url, params=filters, headers=bearer(self.token("auditor")))
        return list(expect(answer, 200)["items"])
