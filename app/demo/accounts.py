"""The people of the demo: one account of the console for each role."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.demo.processes import program, run_command

ROLES = ("auditor", "steward", "security_officer", "administrator")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in at the console, once, with a password that is then to be replaced."""

    name: str
    one_time_password: str = field(repr=False)


def make_accounts(environment: Mapping[str, str]) -> list[Person]:
    """From the operator's terminal; an earlier run's accounts get new passwords. Raises `CommandFailed`."""
    names = [role.replace("_", "-") for role in ROLES]
    roles = [word for role in ROLES for word in ("--role", role)]
    command = [program("cdc"), "account", "create", *names, *roles, "--renew", "--json"]
    made = [json.loads(line) for line in run_command(command, environment).splitlines()]
    return [Person(account["name"], account["one_time_password"]) for account in made]
