"""`cdc erase`."""

import asyncio

import typer

from app.bootstrap.erasures import reapplying
from app.bootstrap.ground import open_ground
from app.cli.failures import explained
from app.core.index.erasure import Entry
from app.services.reapply_erasures import Reapplied
from app.settings import read_settings

app = typer.Typer(help="Who was erased, and that they stay so.", no_args_is_help=True)


@app.command("list")
def list_erased() -> None:
    """Everybody who was erased: their IDs, and when."""
    with explained():
        entries = asyncio.run(_listed())
    for entry in entries:
        typer.echo(f"{entry.customer_id}\t{entry.at.isoformat()}")


@app.command()
def reapply() -> None:
    """Erase again who is in the erasure register: after a backup was restored, before anything serves."""
    with explained():
        done = asyncio.run(_reapply())
    for customer_id in done.erased:
        typer.echo(f"erased again: {customer_id}")
    typer.echo(f"{len(done.erased)} erased again, {done.entered} entered into the register")


async def _listed() -> list[Entry]:
    async with open_ground(read_settings()) as ground:
        return await reapplying(ground).listed()


async def _reapply() -> Reapplied:
    async with open_ground(read_settings()) as ground:
        return await reapplying(ground)()
