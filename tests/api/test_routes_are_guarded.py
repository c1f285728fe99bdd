"""Every route: without a token, with a wrong scope. A new route without a guard fails here."""

from functools import cache
from typing import Any

import pytest
from fastapi import FastAPI

from app.api.app import build_app
from app.core.access.scope import Scope

OPEN = {
    "/oauth2/token",
    "/oauth2/introspect",
    "/oauth2/revoke",
    "/oauth2/jwks",
    "/.well-known/oauth-authorization-server",
    "/healthz",
    "/readyz",
    "/metrics",
}
"""Routes without a bearer token: the OAuth endpoints authenticate clients by their secret."""


@cache
def guarded() -> list[tuple[str, str]]:
    async def never(_: FastAPI) -> Any:
        yield

    app = build_app(never)
    paths = app.openapi()["paths"]
    return sorted((m.upper(), path) for path, methods in paths.items() if path not in OPEN for m in methods)


def url_of(path: str) -> str:
    some_uuid = "01a20059-624a-7cf3-8ed3-e39f3841bcc3"
    made = ("merge_id", "review_id", "import_id", "alert_id", "erasure_id", "consent_id", "event_id")
    uuids = dict.fromkeys(made, some_uuid)
    values = {**uuids, "customer_id": "C0000000000000000A", "domain": "medical", "source_system": "medical"}
    return path.format_map({**dict.fromkeys(("local_id", "client_id"), "x1"), **values})


@pytest.mark.parametrize(("method", "path"), guarded())
async def test_no_token_is_401(center: Any, method: str, path: str) -> None:
    answer = await center.http.request(method, url_of(path), json={})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "invalid_token"


@pytest.mark.parametrize(("method", "path"), [g for g in guarded() if g[0] in ("POST", "PUT", "PATCH")])
async def test_who_has_no_good_token_learns_nothing_of_their_body(
    center: Any, method: str, path: str
) -> None:
    """RFC 6750 section 3.1; and that they tried is on record."""
    headers = {"Content-Type": "application/json", "Authorization": "Bearer bad"}
    answer = await center.http.request(method, url_of(path), content=b"{", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    await center.services.authenticate_caller.tally.flush()
    (event,) = await center.events(kind="authentication")
    assert event["reasons"] == ["malformed"]


@pytest.mark.parametrize(("method", "path"), [g for g in guarded() if not g[1].endswith("/{domain}")])
async def test_a_wrong_scope_is_403_and_on_record(center: Any, method: str, path: str) -> None:
    headers = await center.bearer("nobody", Scope.RECORDS_WRITE)
    answer = await center.http.request(method, url_of(path), json={}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "insufficient_scope"
    (event,) = await center.events(client_id="nobody", outcome="deny")
    assert event["reasons"] == ["insufficient_scope"]


async def test_a_client_token_is_no_key_to_records(center: Any) -> None:
    headers = await center.bearer("partner", Scope.RECORDS_MEDICAL)
    answer = await center.http.get(url_of("/v1/customers/{customer_id}/records/{domain}"), headers=headers)
    assert answer.status_code == 401
