"""`cdc policy`: what the policy set says, and whether a file is one."""

import asyncio
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.adapters.reference.policy import SHIPPED, load_policy
from app.bootstrap.ground import open_ground
from app.bootstrap.policy import explaining
from app.cli.failures import explained
from app.services.explain_decision import Explanation
from app.settings import read_settings

app = typer.Typer(help="The access policy: check a set, explain a decision.", no_args_is_help=True)


@app.command("check")
def check(
    which: Annotated[str, typer.Argument(metavar="default|strict|FILE", help="Shipped, or a TOML file.")],
) -> None:
    """Check a policy set. Each fault is named by line, rule and field; exit status 1 where there is any."""
    with explained():
        policy = load_policy(which if which in SHIPPED else Path(which)).policy
    typer.echo(f"{policy.version}: {len(policy.rules)} rules. {policy.title}")


@app.command("explain")
def explain(event_id: Annotated[UUID, typer.Argument(help="Of an event of kind access.")]) -> None:
    """Why a request for access was permitted or denied, in words."""
    with explained():
        found = asyncio.run(_explain(event_id))
    event = found.event
    domains = ", ".join(event.domains) or "nothing"
    typer.echo(f"{event.outcome}: {event.client_id} asked for {domains}, for {event.purpose}, at {event.at}")
    title = found.policy.title if found.policy else "its text was not kept, or is not what it was"
    typer.echo(f"policy {event.policy}: {title}")
    for domain, rule in found.rules:
        typer.echo(f"  {domain}: {f'{rule.code}. {rule.says}' if rule else 'no rule'}")
    for reason in found.reasons:
        typer.echo(f"- {reason.code}: {reason.says or 'the words of that set are not known'}")


async def _explain(event_id: UUID) -> Explanation:
    async with open_ground(read_settings()) as ground:
        return await explaining(ground)(event_id, None)
