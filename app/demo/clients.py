"""The clients of the demo: three partner systems, the Health Data Center, and those who look after it all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.demo.processes import CommandFailed, program, run_command

_PARTNER = "customer:match match:explain customer:read customer:register records:write"


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """A client as it is to be registered."""

    scope: str
    domain: str | None = None
    options: tuple[str, ...] = ()


CLIENTS = {
    "hospital": ClientPlan(f"{_PARTNER} records:medical records:elder_care", "medical"),
    "elder_care": ClientPlan(f"{_PARTNER} records:medical records:elder_care", "elder_care"),
    "funeral": ClientPlan(f"{_PARTNER} records:funeral", "funeral"),
    # It asks for every partner and on every request.
    "hdc": ClientPlan("token:introspect token:exchange", None, ("--rate", "none")),
    "auditor": ClientPlan("audit:read"),
    "steward": ClientPlan(
        "customer:steward customer:read customer:match match:explain", None, ("--source-systems", "all")
    ),
    "admin": ClientPlan("client:admin"),
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client proves itself with."""

    client_id: str
    client_secret: str = field(repr=False)


def make_clients(environment: Mapping[str, str]) -> dict[str, Credentials]:
    """Registers each client; one from an earlier run gets a new secret. Raises `CommandFailed`."""
    return {name: _make(name, plan, environment) for name, plan in CLIENTS.items()}


def _make(name: str, plan: ClientPlan, environment: Mapping[str, str]) -> Credentials:
    domain = ("--domain", plan.domain) if plan.domain else ()
    create = ("create", "--client-id", name, "--scopes", plan.scope, *domain, *plan.options)
    try:
        printed = _client(create, environment)
    except CommandFailed:
        printed = _client(("rotate-secret", name), environment)
    answer = json.loads(printed)
    return Credentials(answer["client_id"], answer["client_secret"])


def _client(arguments: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return run_command([program("cdc"), "client", *arguments, "--json"], environment)
