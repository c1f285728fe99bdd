"""The clients of the demo: three partner systems, the Health Data Center, and those who look after it all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.demo.answers import bearer, expect
from app.demo.processes import CommandFailed, program, run_command

_PARTNER = "customer:match match:explain customer:read customer:register records:write"


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """A client as it is to be registered; `options` are further fields of `POST /v1/clients`."""

    scope: str
    domain: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


CLIENTS = {
    "hospital": ClientPlan(f"{_PARTNER} records:medical records:elder_care", "medical"),
    "elder_care": ClientPlan(f"{_PARTNER} records:medical records:elder_care", "elder_care"),
    "funeral": ClientPlan(f"{_PARTNER} records:funeral", "funeral"),
    # It asks on behalf of every partner, and about every token, and follows the index.
    "hdc": ClientPlan("token:introspect token:exchange changes:read", None, {"rate": None}),
    "auditor": ClientPlan("audit:read"),
    "steward": ClientPlan(
        "customer:steward customer:read customer:match match:explain", None, {"source_systems": "all"}
    ),
    "admin": ClientPlan("client:admin"),
}
ADMIN = "admin"
AT_TERMINAL = (ADMIN, "auditor")
"""Whom the operator alone can register: no administrator grants their own overseer."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client proves itself with."""

    client_id: str
    client_secret: str = field(repr=False)


def make_overseers(environment: Mapping[str, str]) -> dict[str, Credentials]:
    """Administrator and auditor come from the operator's terminal; an earlier run's get new secrets.

    Raises `CommandFailed`.
    """
    return {name: _make_at_terminal(name, environment) for name in AT_TERMINAL}


def _make_at_terminal(name: str, environment: Mapping[str, str]) -> Credentials:
    command = [program("cdc"), "client"]
    create = [*command, "create", "--client-id", name, "--scopes", CLIENTS[name].scope, "--json"]
    try:
        printed = run_command(create, environment)
    except CommandFailed:
        printed = run_command([*command, "rotate-secret", name, "--json"], environment)
    return _credentials(json.loads(printed))


def make_clients(
    http: httpx.Client, cdc: str, overseers: Mapping[str, Credentials]
) -> dict[str, Credentials]:
    """The administrator registers all others. Raises `UnexpectedAnswer`."""
    headers = bearer(fetch_token(http, cdc, overseers[ADMIN]))
    others = (name for name in CLIENTS if name not in overseers)
    return {**{name: _make(http, f"{cdc}/v1/clients", name, headers) for name in others}, **overseers}


def _make(http: httpx.Client, url: str, name: str, headers: Mapping[str, str]) -> Credentials:
    plan = CLIENTS[name]
    body = {"client_id": name, "scopes": plan.scope.split(), "domain": plan.domain, **plan.options}
    answer = http.post(url, json=body, headers=headers)
    if answer.status_code == httpx.codes.CONFLICT:
        expect(http.post(f"{url}/{name}/activate", headers=headers), 200)
        answer = http.post(f"{url}/{name}/secret", headers=headers)
    return _credentials(expect(answer, 200, 201))


def _credentials(answer: Mapping[str, Any]) -> Credentials:
    return Credentials(answer["client_id"], answer["client_secret"])


def fetch_token(http: httpx.Client, cdc: str, who: Credentials, resource: str | None = None) -> str:
    """Client credentials grant; with `resource` a token that is good there alone (RFC 8707)."""
    form = {"grant_type": "client_credentials", **({"resource": resource} if resource else {})}
    answer = http.post(f"{cdc}/oauth2/token", data=form, auth=(who.client_id, who.client_secret))
    return str(expect(answer, 200)["access_token"])
