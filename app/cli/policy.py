"""`cdc policy`: what the policy set says, and whether a file is one."""

from pathlib import Path
from typing import Annotated

import typer

from app.adapters.reference.policy import SHIPPED, load_policy
from app.cli.failures import explained

app = typer.Typer(help="The access policy: check a set, explain a decision.", no_args_is_help=True)


@app.command("check")
def check(
    which: Annotated[str, typer.Argument(metavar="default|strict|FILE", help="Shipped, or a TOML file.")],
) -> None:
    """Check a policy set. Each fault is named by line, rule and field; exit status 1 where there is any."""
    with explained():
        policy = load_policy(which if which in SHIPPED else Path(which)).policy
    typer.echo(f"{policy.version}: {len(policy.rules)} rules. {policy.title}")
