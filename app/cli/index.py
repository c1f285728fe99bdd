"""`cdc index`."""

import asyncio
from typing import Annotated

import typer

from app.bootstrap.ground import open_ground
from app.bootstrap.index import checking_index
from app.cli.failures import explained
from app.core.index.ledger import BrokenLedger
from app.services.check_index import IndexCheck
from app.services.register_customer import OPERATOR
from app.settings import read_settings

app = typer.Typer(help="The master customer index.", no_args_is_help=True)

_MOST_SHOWN = 20


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Compare and change nothing.")] = False,
) -> None:
    """Fold the ledger of identity decisions again, compare the index with it, and put right what differs."""
    with explained():
        try:
            found = asyncio.run(_rebuild(repair=not check))
        except BrokenLedger as broken:
            typer.echo(f"the ledger does not fold: {broken}", err=True)
            raise typer.Exit(1) from None
    for difference in found.differences[:_MOST_SHOWN]:
        typer.echo(difference, err=True)
    told = f"{found.records} records and {found.customers} customers compared"
    typer.echo(f"{told}, {len(found.differences) or 'no'} differences, {found.repaired or 'none'} repaired")
    if len(found.differences) > found.repaired:
        raise typer.Exit(1)


async def _rebuild(*, repair: bool) -> IndexCheck:
    async with open_ground(read_settings()) as ground:
        return await checking_index(ground)(OPERATOR.client_id, repair=repair)
