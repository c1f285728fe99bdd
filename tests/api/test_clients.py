"""`/v1/clients`: administrators register, list, renew and suspend."""

from typing import Any

import pytest

from app.core.access.scope import Scope

NEW = {"client_id": "hospital-east", "scopes": ["customer:match", "records:medical"], "domain": "medical"}


@pytest.fixture
async def admin(center: Any) -> dict[str, str]:
    headers: dict[str, str] = await center.bearer("admin", Scope.CLIENT_ADMIN)
    return headers


async def test_a_new_client_works_and_its_secret_is_shown_once(center: Any, admin: dict[str, str]) -> None:
    created = await center.http.post("/v1/clients", json=NEW, headers=admin)
    assert created.status_code == 201
    assert created.headers["cache-control"] == "no-store"
    assert created.headers["location"] == "/v1/clients/hospital-east"
    body = created.json()
    secret = body.pop("client_secret")
    assert await center.token("hospital-east", secret)
    assert (body["source_systems"], body["rate"], body["active"]) == (["medical"], 50, True)
    shown = await center.http.get("/v1/clients/hospital-east", headers=admin)
    assert shown.json() == body
    assert secret not in shown.text
    again = await center.http.post("/v1/clients", json=NEW, headers=admin)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    (event,) = await center.events(kind="client", client_id="admin")
    assert (event["outcome"], event["detail"]["client"]) == ("created", "hospital-east")


BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"client_id": "Hospital East"}, "client_id"),
    ({"client_id": None}, "client_id"),
    ({"client_id": "a\n"}, "client_id"),
    ({"scopes": []}, "scopes"),
    ({"scopes": ["root"]}, "scopes.0"),
    ({"scopes": "customer:match"}, "scopes"),
    ({"domain": "dental"}, "domain"),
    ({"source_systems": ["a b"]}, "source_systems"),
    ({"source_systems": "some"}, "source_systems"),
    ({"rate": 0}, "rate"),
    ({"rate": "50"}, "rate"),
    ({"rate": 1.5}, "rate"),
    ({"secret": "mine"}, "body"),
]


async def test_a_field_that_cannot_be_used_is_named(
    center: Any, admin: dict[str, str], subtests: pytest.Subtests
) -> None:
    for changed, field in BAD_FIELDS:
        with subtests.test(**changed):
            answer = await center.http.post("/v1/clients", json={**NEW, **changed}, headers=admin)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
            assert any(error["field"].startswith(field) for error in answer.json()["errors"])


async def test_source_systems_and_rate_as_asked(center: Any, admin: dict[str, str]) -> None:
    for client_id, systems in (("a", "all"), ("b", ["his-a", "his-b"])):
        body = {**NEW, "client_id": client_id, "source_systems": systems, "rate": None}
        created = (await center.http.post("/v1/clients", json=body, headers=admin)).json()
        assert (created["source_systems"], created["rate"]) == (systems, None)


async def test_clients_are_listed_in_pages(center: Any, admin: dict[str, str]) -> None:
    for name in ("b", "a", "c"):
        await center.client(name, Scope.CUSTOMER_READ)
    seen: list[str] = []
    query = {"limit": "3"}
    while True:
        page = (await center.http.get("/v1/clients", params=query, headers=admin)).json()
        seen += [item["client_id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == ["a", "admin", "b", "c"]


async def test_a_new_secret_ends_the_old_one(center: Any, admin: dict[str, str]) -> None:
    old = await center.client("partner", Scope.CUSTOMER_READ)
    renewed = await center.http.post("/v1/clients/partner/secret", headers=admin)
    assert renewed.headers["cache-control"] == "no-store"
    assert await center.token("partner", renewed.json()["client_secret"])
    form = {"grant_type": "client_credentials"}
    assert (await center.http.post("/oauth2/token", data=form, auth=("partner", old))).status_code == 401


async def test_suspension_ends_tokens_and_activation_lets_in_again(
    center: Any, admin: dict[str, str]
) -> None:
    secret = await center.client("partner", Scope.CUSTOMER_READ)
    token = await center.token("partner", secret)
    headers = {"Authorization": f"Bearer {token}"}
    url = "/v1/sources/medical/customers/P1"
    assert (await center.http.get(url, headers=headers)).status_code == 404
    suspended = await center.http.post("/v1/clients/partner/suspend", headers=admin)
    assert suspended.json()["active"] is False
    assert (await center.http.get(url, headers=headers)).status_code == 401
    form = {"grant_type": "client_credentials"}
    assert (await center.http.post("/oauth2/token", data=form, auth=("partner", secret))).status_code == 401
    activated = await center.http.post("/v1/clients/partner/activate", headers=admin)
    assert activated.json()["active"] is True
    assert (await center.http.get(url, headers=headers)).status_code == 401
    renewed = {"Authorization": f"Bearer {await center.token('partner', secret)}"}
    assert (await center.http.get(url, headers=renewed)).status_code == 404


async def test_an_unknown_client_is_404(
    center: Any, admin: dict[str, str], subtests: pytest.Subtests
) -> None:
    for client_id in ("nobody", "NOBODY", "%00", "a" * 64):
        url = f"/v1/clients/{client_id}"
        with subtests.test(client_id=client_id):
            assert (await center.http.get(url, headers=admin)).status_code == 404
            for action in ("secret", "suspend", "activate"):
                assert (await center.http.post(f"{url}/{action}", headers=admin)).status_code == 404


async def test_a_bad_page_is_422(center: Any, admin: dict[str, str], subtests: pytest.Subtests) -> None:
    for query in ({"cursor": "\x00"}, {"cursor": "A B"}, {"limit": "0"}, {"limit": "1001"}):
        with subtests.test(**query):
            answer = await center.http.get("/v1/clients", params=query, headers=admin)
            assert answer.status_code == 422


PUBLIC_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "his-1",
}


async def test_a_client_with_keys_has_no_secret(center: Any, admin: dict[str, str]) -> None:
    for client_id, keys in (
        ("inline", {"jwks": {"keys": [PUBLIC_KEY]}}),
        ("published", {"jwks_uri": "https://his.example/jwks"}),
    ):
        body = {**NEW, "client_id": client_id, **keys}
        created = await center.http.post("/v1/clients", json=body, headers=admin)
        assert (created.status_code, created.json()["client_secret"]) == (201, None)
        assert created.json()["method"] == "private_key_jwt"
        refused = await center.http.post(f"/v1/clients/{client_id}/secret", headers=admin)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_possible")


async def test_keys_take_the_place_of_a_secret(center: Any, admin: dict[str, str]) -> None:
    secret = (await center.http.post("/v1/clients", json=NEW, headers=admin)).json()["client_secret"]
    url = "/v1/clients/hospital-east/keys"
    replaced = await center.http.put(url, json={"jwks": {"keys": [PUBLIC_KEY]}}, headers=admin)
    assert (replaced.status_code, replaced.json()["method"]) == (200, "private_key_jwt")
    grant = {"grant_type": "client_credentials"}
    refused = await center.http.post("/oauth2/token", data=grant, auth=("hospital-east", secret))
    assert refused.status_code == 401


async def test_keys_that_cannot_be_used_are_named(
    center: Any, admin: dict[str, str], subtests: pytest.Subtests
) -> None:
    private = {"jwks": {"keys": [{**PUBLIC_KEY, "d": "x"}]}}
    both = {"jwks": {"keys": [PUBLIC_KEY]}, "jwks_uri": "https://his.example/"}
    for keys, field in (
        (private, "jwks"),
        (both, "jwks_uri"),
        ({"jwks": {}}, "jwks"),
        ({"jwks_uri": "http://his.example/"}, "jwks_uri"),
        ({"jwks_uri": "https://169.254.169.254/"}, "jwks_uri"),
    ):
        with subtests.test(**keys):
            url = "/v1/clients/admin/keys"
            for answer in (
                await center.http.post("/v1/clients", json={**NEW, **keys}, headers=admin),
                await center.http.put(url, json=keys, headers=admin),
            ):
                assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
                assert answer.json()["errors"][0]["field"] == field
                assert "169" not in answer.text


async def test_separate_duties_are_on_no_client(
    center: Any, admin: dict[str, str], subtests: pytest.Subtests
) -> None:
    for other in ("audit:read", "policy:admin", "data:erase"):
        with subtests.test(other=other):
            body = {**NEW, "scopes": ["client:admin", other]}
            answer = await center.http.post("/v1/clients", json=body, headers=admin)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
            (fault,) = answer.json()["errors"]
            assert fault["field"] == "scopes"
            assert fault["expected"].startswith(f"client:admin or {other}:")


async def test_an_administrator_cannot_grant_or_take_what_oversees_them(
    center: Any, admin: dict[str, str], subtests: pytest.Subtests
) -> None:
    keys = {"jwks": {"keys": [PUBLIC_KEY]}}
    for scope in (Scope.CLIENT_ADMIN, Scope.AUDIT_READ, Scope.POLICY_ADMIN, Scope.DATA_ERASE):
        name = scope.value.replace(":", "-")
        secret = await center.client(name, scope)
        asked = {**NEW, "client_id": f"new-{name}", "scopes": ["customer:match", scope.value]}
        with subtests.test(scope=scope.value):
            for answer in (
                await center.http.post("/v1/clients", json=asked, headers=admin),
                await center.http.post("/v1/clients", json={**asked, **keys}, headers=admin),
                await center.http.post(f"/v1/clients/{name}/secret", headers=admin),
                await center.http.put(f"/v1/clients/{name}/keys", json=keys, headers=admin),
            ):
                assert (answer.status_code, answer.json()["code"]) == (403, "operator_only")
            assert (await center.http.get(f"/v1/clients/new-{name}", headers=admin)).status_code == 404
            assert await center.token(name, secret)
            ended = await center.http.post(f"/v1/clients/{name}/suspend", headers=admin)
            assert ended.status_code == 200
    denied = await center.events(kind="client", outcome="deny")
    assert len(denied) == 16
    assert {tuple(event["reasons"]) for event in denied} == {("operator_only",)}
    assert {event["client_id"] for event in denied} == {"admin"}
