"""The OAuth endpoints over HTTP: RFC 6749, 7009, 7662, 8414, 8693, 8707."""

import base64
from typing import Any

import pytest

from app.core.access.scope import Domain, Scope

HDC = "http://127.0.0.1:9"
ISSUER = "http://127.0.0.1:8000"
GRANT = {"grant_type": "client_credentials"}
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def secret(center: Any) -> str:
    created: str = await center.client(
        "partner", Scope.CUSTOMER_MATCH, Scope.RECORDS_MEDICAL, domain=Domain.MEDICAL
    )
    return created


def _assert_error(answer: Any, status: int, error: str) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) is (status == 401)


async def test_a_token_by_header_and_by_form(center: Any, secret: str) -> None:
    by_form = {**GRANT, "client_id": "partner", "client_secret": secret}
    for answer in (
        await center.http.post("/oauth2/token", data=GRANT, auth=("partner", secret)),
        await center.http.post("/oauth2/token", data=by_form),
    ):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert set(body) == {"access_token", "token_type", "expires_in", "scope"}
        assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
        assert body["scope"] == "customer:match records:medical"


async def test_a_failed_authentication_is_challenged_and_on_record(center: Any, secret: str) -> None:
    for auth in (("partner", "wrong"), ("nobody", secret), None):
        answer = await center.http.post("/oauth2/token", data=GRANT, auth=auth)
        _assert_error(answer, 401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic ")
    await center.services.authenticate_caller.tally.flush()
    events = await center.events(kind="authentication")
    reasons = {(event["client_id"], *event["reasons"]) for event in events}
    assert reasons == {("partner", "bad_secret"), (None, "unknown_client"), (None, "no_credentials")}


BAD_REQUESTS = [
    ("", "invalid_request"),
    ("grant_type=", "invalid_request"),
    ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
    ("grant_type=client_credentials&scope=customer:match&scope=customer:match", "invalid_request"),
    ("grant_type=client_credentials&client_secret=x", "invalid_request"),
    ("grant_type=client_credentials&client_id=other", "invalid_request"),
    ("grant_type=client_credentials&scope=%ff", "invalid_request"),
    ("grant_type=client_credentials&scope=\xff", "invalid_request"),
    ("&".join(f"p{number}=1" for number in range(40)), "invalid_request"),
    ("grant_type=client_credentials&x=" + "a" * 20_000, "invalid_request"),
    ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
    ("grant_type=authorization_code&code=x", "unsupported_grant_type"),
    ("grant_type=client_credentials&scope=root", "invalid_scope"),
    ("grant_type=client_credentials&scope=audit:read", "invalid_scope"),
    ("grant_type=client_credentials&scope=%00", "invalid_scope"),
    ("grant_type=client_credentials&resource=https://elsewhere.example", "invalid_target"),
    (f"grant_type=client_credentials&resource={HDC}&resource={ISSUER}", "invalid_target"),
    (f"grant_type={EXCHANGE}", "unauthorized_client"),
]


async def test_a_bad_request_is_the_standards_error(
    center: Any, secret: str, subtests: pytest.Subtests
) -> None:
    for body, error in BAD_REQUESTS:
        with subtests.test(body=body[:80]):
            content = body.encode("latin-1")
            answer = await center.http.post(
                "/oauth2/token", content=content, headers=FORM, auth=("partner", secret)
            )
            _assert_error(answer, 400, error)
            assert "elsewhere" not in answer.text


async def test_only_a_form_is_read(center: Any, secret: str, subtests: pytest.Subtests) -> None:
    for media_type in ("application/json", "text/plain", "multipart/form-data", ""):
        with subtests.test(media_type=media_type):
            answer = await center.http.post(
                "/oauth2/token",
                content=b"grant_type=client_credentials",
                headers={"Content-Type": media_type} if media_type else {},
                auth=("partner", secret),
            )
            _assert_error(answer, 400, "invalid_request")


async def test_two_authorization_headers_are_refused(center: Any, secret: str) -> None:
    basic = "Basic " + base64.b64encode(f"partner:{secret}".encode()).decode()
    headers = [("Authorization", basic), ("Authorization", "Basic eDp4"), *FORM.items()]
    answer = await center.http.post(
        "/oauth2/token", content=b"grant_type=client_credentials", headers=headers
    )
    _assert_error(answer, 400, "invalid_request")


async def test_an_empty_parameter_counts_as_not_sent(center: Any, secret: str) -> None:
    data = {**GRANT, "scope": "", "resource": "", "client_secret": ""}
    answer = await center.http.post("/oauth2/token", data=data, auth=("partner", secret))
    assert answer.json()["scope"] == "customer:match records:medical"


async def test_endpoints_take_post_only(center: Any) -> None:
    for path in ("token", "introspect", "revoke"):
        assert (await center.http.get(f"/oauth2/{path}")).status_code == 405


async def _introspected(center: Any, token: str, auth: tuple[str, str]) -> dict[str, Any]:
    answer = await center.http.post("/oauth2/introspect", data={"token": token}, auth=auth)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    return body


async def test_introspection_tells_what_a_living_token_says_and_of_others_nothing(
    center: Any, secret: str
) -> None:
    hdc = ("hdc", await center.client("hdc", Scope.TOKEN_INTROSPECT))
    token = await center.token("partner", secret, resource=HDC + "/")
    said = await _introspected(center, token, hdc)
    assert said.pop("exp") - said.pop("iat") == 900
    assert said.pop("jti")
    assert said == {
        "active": True,
        "iss": ISSUER,
        "sub": "partner",
        "client_id": "partner",
        "aud": HDC,
        "scope": "customer:match records:medical",
        "token_type": "Bearer",
    }
    assert await _introspected(center, "x", hdc) == {"active": False}
    revoked = await center.http.post("/oauth2/revoke", data={"token": token}, auth=("partner", secret))
    assert (revoked.status_code, revoked.content) == (200, b"")
    assert await _introspected(center, token, hdc) == {"active": False}


async def test_introspection_is_for_resource_servers(center: Any, secret: str) -> None:
    data = {"token": await center.token("partner", secret)}
    refused = await center.http.post("/oauth2/introspect", data=data, auth=("partner", secret))
    _assert_error(refused, 403, "insufficient_scope")
    _assert_error(await center.http.post("/oauth2/introspect", data=data), 401, "invalid_client")
    hdc = ("hdc", await center.client("hdc", Scope.TOKEN_INTROSPECT))
    _assert_error(
        await center.http.post("/oauth2/introspect", data={"x": "1"}, auth=hdc), 400, "invalid_request"
    )


async def test_revocation_is_for_the_tokens_own_client(center: Any, secret: str) -> None:
    token = await center.token("partner", secret)
    other = ("other", await center.client("other", Scope.CUSTOMER_MATCH))
    refused = await center.http.post("/oauth2/revoke", data={"token": token}, auth=other)
    _assert_error(refused, 400, "unauthorized_client")
    unknown = await center.http.post("/oauth2/revoke", data={"token": "x"}, auth=other)
    assert unknown.status_code == 200
    _assert_error(await center.http.post("/oauth2/revoke", data={"token": token}), 401, "invalid_client")
    _assert_error(await center.http.post("/oauth2/revoke", auth=other, headers=FORM), 400, "invalid_request")


async def test_the_health_data_center_exchanges_what_was_fetched_for_it(center: Any, secret: str) -> None:
    hdc = ("hdc", await center.client("hdc", Scope.TOKEN_EXCHANGE, Scope.TOKEN_INTROSPECT))
    form = {
        "grant_type": EXCHANGE,
        "subject_token": await center.token("partner", secret, resource=HDC),
        "subject_token_type": ACCESS_TOKEN,
    }
    answer = await center.http.post("/oauth2/token", data=form, auth=hdc)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["issued_token_type"], body["token_type"]) == (ACCESS_TOKEN, "Bearer")
    assert 0 < body["expires_in"] <= 900
    said = await _introspected(center, body["access_token"], hdc)
    assert (said["sub"], said["act"], said["aud"]) == ("partner", {"sub": "hdc"}, ISSUER)
    ours = {**form, "subject_token": await center.token("partner", secret)}
    _assert_error(await center.http.post("/oauth2/token", data=ours, auth=hdc), 400, "invalid_request")
    again = {**form, "subject_token": body["access_token"]}
    _assert_error(await center.http.post("/oauth2/token", data=again, auth=hdc), 400, "invalid_request")


async def test_the_metadata_states_what_works(center: Any) -> None:
    answer = await center.http.get("/.well-known/oauth-authorization-server")
    assert answer.status_code == 200
    metadata = answer.json()
    assert metadata["issuer"] == ISSUER
    assert metadata["response_types_supported"] == []
    assert set(metadata["grant_types_supported"]) == {"client_credentials", EXCHANGE}
    assert metadata["scopes_supported"] == list(Scope)
    assert metadata["authorization_details_types_supported"] == ["customer_records"]
    for name in ("token", "introspection", "revocation"):
        methods = metadata[f"{name}_endpoint_auth_methods_supported"]
        assert methods == ["client_secret_basic", "client_secret_post", "private_key_jwt"]
        assert metadata[f"{name}_endpoint_auth_signing_alg_values_supported"] == ["ES256"]
    paths = [metadata[f"{name}_endpoint"] for name in ("token", "introspection", "revocation")]
    for url in paths:
        assert (await center.http.post(url.removeprefix(ISSUER))).status_code == 400
    keys = await center.http.get(metadata["jwks_uri"].removeprefix(ISSUER))
    assert "max-age" in keys.headers["cache-control"]
    assert all("d" not in key and key["alg"] == "ES256" for key in keys.json()["keys"])


async def test_a_bad_token_is_401_and_on_record(center: Any, secret: str) -> None:
    token = await center.token("partner", secret)
    bad = {
        "malformed": "x",
        "bad_signature": token[:-8] + "AAAAAAAA",
        "wrong_audience": await center.token("partner", secret, resource=HDC),
    }
    for sent in bad.values():
        answer = await center.http.post("/v1/match", json={}, headers={"Authorization": f"Bearer {sent}"})
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    await center.services.authenticate_caller.tally.flush()
    reasons = {reason for event in await center.events(kind="authentication") for reason in event["reasons"]}
    assert reasons == set(bad)
