"""`cdc quality`."""

import asyncio
import json
from typing import Annotated

import typer

from app.bootstrap.ground import open_ground
from app.bootstrap.index import reading_quality
from app.cli.failures import explained, fail
from app.services.read_quality import Quality, rows
from app.services.register_customer import OPERATOR
from app.settings import read_settings


def quality(
    source_system: Annotated[str | None, typer.Option(help="Only this source system's.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show how many values of each source system are missing, invalid or contradictory."""
    with explained():
        asyncio.run(_quality(source_system, as_json))


async def _quality(source_system: str | None, as_json: bool) -> None:
    async with open_ground(read_settings()) as ground:
        read = reading_quality(ground)
        for system in [source_system] if source_system else await read.systems():
            found = await read.for_operator(system, OPERATOR.client_id)
            if found is None:
                raise fail(f"no records of source system {system}")
            typer.echo(_line(found) if as_json else _table(found))


def _line(found: Quality) -> str:
    about = {"source_system": found.source_system, "records": found.records, "duplicates": found.duplicates}
    return json.dumps({**about, "fields": rows(found)}, ensure_ascii=False)


def _table(found: Quality) -> str:
    lines = [f"{found.source_system}: {found.records} records, {found.duplicates} duplicates"]
    lines.append(f"  {'':12}{'missing':>10}{'invalid':>10}{'contradictory':>15}")
    for field, shares in rows(found).items():
        missing, invalid, contradictory = shares.values()
        lines.append(f"  {field:12}{missing:>10.2%}{invalid:>10.2%}{contradictory:>15.2%}")
    return "\n".join(lines)
