"""Consents over HTTP: who may record them, what they open and close, and that they go with the customer."""

from typing import Any

import pytest

from app.core.access.scope import Domain, Scope

CARE = (Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, Scope.RECORDS_ELDER_CARE)
REGISTRAR = (Scope.CONSENT_WRITE, Scope.CUSTOMER_READ)
DENIAL = {"decision": "deny", "given_by": "customer", "proof": {"text": "letter of 21 November"}}
PERMISSION = {**DENIAL, "decision": "permit"}


class Register:
    """Whoever records consents, and a hospital that asks."""

    def __init__(self, center: Any, writer: dict[str, str], hospital: dict[str, str]) -> None:
        self.center, self.writer, self.hospital = center, writer, hospital

    async def record(self, customer: str, body: dict[str, Any], status: int = 201) -> Any:
        url = f"/v1/customers/{customer}/consents"
        answer = await self.center.http.post(url, json=body, headers=self.writer)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def withdraw(self, customer: str, consent: Any, status: int = 200) -> Any:
        url = f"/v1/customers/{customer}/consents/{consent['consent_id']}/withdraw"
        answer = await self.center.http.post(url, json={"reason": "moved"}, headers=self.writer)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def list(self, customer: str, **query: Any) -> Any:
        url = f"/v1/customers/{customer}/consents"
        answer = await self.center.http.get(url, params=query, headers=self.writer)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def asks(self, elements: dict[str, Any], *domains: str, **more: Any) -> Any:
        access = {"domains": list(domains or ("elder_care",)), "purpose": "TREAT", **more}
        body = {**elements, "access": access}
        answer = await self.center.http.post("/v1/match", json=body, headers=self.hospital)
        return answer.json()["access"]

    async def opens(self, elements: dict[str, Any], *domains: str) -> bool:
        return bool((await self.asks(elements, *domains))["decision"] == "permit")


@pytest.fixture
async def consents(center: Any) -> Register:
    writer = await center.bearer("registrar-of-consents", *REGISTRAR)
    hospital = await center.bearer("hospital", *CARE, domain=Domain.MEDICAL)
    return Register(center, writer, hospital)


async def test_a_denial_closes_other_domains_until_it_is_withdrawn(
    center: Any, register: Any, person: Any, consents: Register
) -> None:
    customer = await register("medical", "P1", person)
    assert await consents.opens(person)
    denial = await consents.record(customer, DENIAL)
    assert not await consents.opens(person)
    assert await consents.opens(person, "medical")
    await consents.withdraw(customer, denial)
    assert await consents.opens(person)
    kinds = [(e["outcome"], e["detail"].get("decision")) for e in await center.events(kind="consent")]
    assert kinds == [("withdrawn", "deny"), ("recorded", "deny")]
    denied = [e for e in await center.events(kind="access") if e["outcome"] == "deny"]
    assert denied[0]["reasons"] == ["consent_denied"]


async def test_a_withdrawn_permission_closes_until_another_is_given(
    register: Any, person: Any, consents: Register
) -> None:
    customer = await register("medical", "P1", person)
    permission = await consents.record(customer, PERMISSION)
    await consents.withdraw(customer, permission)
    assert not await consents.opens(person)
    await consents.withdraw(customer, permission, 409)
    await consents.record(customer, {**PERMISSION, "partners": ["hospital"]})
    assert await consents.opens(person)


@pytest.mark.parametrize("policy", ["strict"])
async def test_under_the_strict_set_a_consent_opens(
    register: Any, person: Any, consents: Register, policy: str
) -> None:
    assert policy == "strict"
    customer = await register("medical", "P1", person)
    for other in ({"domains": ["medical"]}, {"purposes": ["CAREMGT"]}, {"partners": ["registrar"]}):
        await consents.record(customer, {**PERMISSION, **other})
        assert not await consents.opens(person)
    past = {"valid_from": "2020-01-01T00:00:00Z", "valid_until": "2021-01-01T00:00:00Z"}
    await consents.record(customer, {**PERMISSION, **past})
    await consents.record(customer, {**PERMISSION, "valid_from": "2199-01-01T00:00:00Z"})
    assert not await consents.opens(person)
    await consents.record(customer, {**PERMISSION, "domains": ["elder_care"], "partners": ["hospital"]})
    assert await consents.opens(person)


async def test_the_token_says_what_is_open_and_what_is_not(
    register: Any, person: Any, consents: Register
) -> None:
    customer = await register("medical", "P1", person)
    (plain,) = (await consents.asks(person, "medical", "elder_care"))["authorization_details"]
    assert plain.keys() == {"type", "customer_id", "domains", "purpose"}
    await consents.record(customer, {**PERMISSION, "sensitive": ["psychiatric"]})
    await consents.record(customer, {**DENIAL, "kinds": ["care_plan"]})
    (detail,) = (await consents.asks(person, "medical", "elder_care"))["authorization_details"]
    assert (detail["sensitive"], detail["withheld"]) == (["psychiatric"], ["care_plan"])
    emergency = await consents.asks(person, purpose="ETREAT", reason="unconscious")
    (detail,) = emergency["authorization_details"]
    assert len(detail["sensitive"]) == 3
    assert "withheld" not in detail


async def test_a_denial_ends_the_tokens_that_are_out(
    center: Any, register: Any, person: Any, consents: Register
) -> None:
    customer = await register("medical", "P1", person)
    bound = (await consents.asks(person))["access_token"]
    headers = {"Authorization": f"Bearer {bound}"}
    url = f"/v1/customers/{customer}/records/elder_care"
    assert (await center.http.get(url, headers=headers)).status_code == 503  # no HDC here: the token is good
    permission = await consents.record(customer, PERMISSION)
    assert (await center.http.get(url, headers=headers)).status_code == 503
    await consents.withdraw(customer, permission)
    assert (await center.http.get(url, headers=headers)).status_code == 401


async def test_the_history_is_listed_newest_first_with_its_proofs_for_who_records(
    center: Any, register: Any, person: Any, consents: Register
) -> None:
    customer = await register("medical", "P1", person)
    first = await consents.record(customer, {**PERMISSION, "proof": {"sha256": "ab" * 32}})
    second = await consents.record(customer, DENIAL)
    await consents.withdraw(customer, first)
    page = await consents.list(customer, limit=1)
    assert [item["consent_id"] for item in page["items"]] == [second["consent_id"]]
    assert page["items"][0]["proof"] == {"text": "letter of 21 November", "sha256": None}
    rest = await consents.list(customer, limit=1, cursor=page["next"])
    assert rest["next"] is None
    assert rest["items"][0]["withdrawn"]["reason"] == "moved"
    assert rest["items"][0]["proof"]["sha256"] == "ab" * 32
    reader = await center.bearer("reader", Scope.CUSTOMER_READ)
    seen = (await center.http.get(f"/v1/customers/{customer}/consents", headers=reader)).json()["items"]
    assert [item["proof"] for item in seen] == [None, None]
    assert seen[1]["withdrawn"]["reason"] is None
    assert "letter of 21 November" not in str(await center.events())


async def test_the_consents_of_both_apply_after_a_merge_and_go_back(
    desk: Any, pair: Any, person: Any, other: Any, consents: Register
) -> None:
    survivor, retired = pair
    await consents.record(retired, DENIAL)
    assert await consents.opens(person)
    merge = await desk.merge(survivor, retired)
    assert not await consents.opens(person)
    listed = await consents.list(survivor)
    assert [item["customer_id"] for item in listed["items"]] == [retired]
    await consents.record(retired, DENIAL, 409)
    await desk.undo(merge)
    assert await consents.opens(person)
    assert not await consents.opens(other)
    assert not (await consents.list(survivor))["items"]


async def test_what_was_forbidden_while_they_were_one_stays_forbidden_for_both(
    desk: Any, pair: Any, person: Any, other: Any, consents: Register
) -> None:
    survivor, retired = pair
    merge = await desk.merge(survivor, retired)
    denial = await consents.record(survivor, DENIAL)
    await consents.record(survivor, PERMISSION)
    await desk.undo(merge)
    assert not await consents.opens(person)
    assert not await consents.opens(other)
    (copy,) = (await consents.list(retired))["items"]
    assert copy["copied_from"] == denial["consent_id"]
    assert copy["proof"] == denial["proof"]
    await consents.withdraw(retired, copy)
    assert await consents.opens(other)
    assert not await consents.opens(person)


async def test_a_split_off_customer_keeps_what_was_forbidden(
    desk: Any, register: Any, person: Any, other: Any, consents: Register
) -> None:
    customer = await register("medical", "P1", person)
    retired = await register("elder_care", "E1", other)
    await desk.merge(customer, retired)
    await consents.record(customer, DENIAL)
    records = [{"source_system": "elder_care", "local_id": "E1"}]
    split = await desk.post(f"/v1/customers/{customer}/splits", 201, records=records, reason="two people")
    assert split["new_id"] == retired
    assert not await consents.opens(other)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**DENIAL, "proof": {}}, "proof"),
        ({**DENIAL, "given_by": "neighbour"}, "given_by"),
        ({**DENIAL, "kinds": ["everything"]}, "kinds.0"),
        ({**DENIAL, "partners": ["nobody-registered"]}, "partners"),
        ({**DENIAL, "valid_until": "2001-01-01T00:00:00Z"}, "valid_until"),
        ({**DENIAL, "until": "2030-01-01T00:00:00Z"}, "body"),
    ],
)
async def test_what_cannot_be_recorded_is_named(
    register: Any, person: Any, consents: Register, body: dict[str, Any], field: str
) -> None:
    customer = await register("medical", "P1", person)
    refused = await consents.record(customer, body, 422)
    assert [fault["field"] for fault in refused["errors"]] == [field]


async def test_who_may_record(center: Any, register: Any, person: Any, consents: Register) -> None:
    customer = await register("medical", "P1", person)
    url = f"/v1/customers/{customer}/consents"
    home = await center.bearer(
        "home", *REGISTRAR, domain=Domain.ELDER_CARE, systems=frozenset({"elder_care"})
    )
    refused = await center.http.post(url, json=DENIAL, headers=home)
    assert (refused.status_code, refused.json()["code"]) == (403, "source_system_not_allowed")
    assert (await center.http.get(url, headers=home)).status_code == 403
    (_, event) = await center.events(kind="consent", client_id="home")
    assert (event["outcome"], event["reasons"]) == ("deny", ["source_system_not_allowed"])
    await consents.record("CM6SC7N75YR3HGA9TO", DENIAL, 404)
    await consents.record("nobody", DENIAL, 404)
    elsewhere = await consents.record(await register("medical", "P9", {**person, "id_number": None}), DENIAL)
    await consents.withdraw(customer, elsewhere, 404)
