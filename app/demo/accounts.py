"""The people of the demo: one account of the console for each role."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from app.demo.processes import CommandFailed, program, run_command

ROLES = ("auditor", "steward", "security_officer", "administrator")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in at the console, once, with a password that is then to be replaced."""

    name: str
    role: str
    one_time_password: str = field(repr=False)


def make_accounts(environment: Mapping[str, str]) -> list[Person]:
    """From the operator's terminal; an earlier run's account gets a new password. Raises `CommandFailed`."""
    with ThreadPoolExecutor(len(ROLES)) as threads:
        return list(threads.map(lambda role: _make(role, environment), ROLES))


def _make(role: str, environment: Mapping[str, str]) -> Person:
    name, command = role.replace("_", "-"), [program("cdc"), "account"]
    try:
        printed = run_command([*command, "create", name, "--role", role, "--json"], environment)
    except CommandFailed:
        printed = run_command([*command, "reset", name, "--json"], environment)
    return Person(name, role, json.loads(printed)["one_time_password"])
