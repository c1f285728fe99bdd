"""`cdc export`."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from app.bootstrap.ground import open_ground
from app.bootstrap.index import exporting_cross_references, exporting_labels
from app.cli.failures import explained
from app.core.index.customer import SourceRecord
from app.services.register_customer import OPERATOR
from app.settings import read_settings

app = typer.Typer(help="Write what the index holds.", no_args_is_help=True)


@app.command("cross-references")
def cross_references(
    file: Annotated[Path, typer.Argument(help="NDJSON file to write.")],
    source_system: Annotated[str | None, typer.Option(help="Only this source system's.")] = None,
) -> None:
    """Write every (source system, local ID) with its master customer ID, one JSON object a line."""
    with explained():
        count = asyncio.run(_export(file, source_system))
    typer.echo(f"{count} cross-references written to {file}")


@app.command("labels")
def labels(
    file: Annotated[Path, typer.Argument(help="NDJSON file to write; it holds people's elements.")],
) -> None:
    """Write what stewards decided: pairs of records, each the same person or not."""
    with explained():
        count = asyncio.run(_export_labels(file))
    typer.echo(f"{count} labelled pairs written to {file}")


async def _export_labels(file: Path) -> int:
    partial = file.with_name(file.name + ".part")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    count = 0
    async with open_ground(read_settings()) as ground:
        with partial.open("w", encoding="utf-8") as out:
            async for label in exporting_labels(ground)(OPERATOR.client_id):
                row = {
                    "same": label.same,
                    "left": _side(label.left),
                    "right": _side(label.right),
                    "model": label.model,
                    "decided_at": label.decided_at.isoformat() if label.decided_at else None,
                }
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    partial.replace(file)
    return count


def _side(record: SourceRecord) -> dict[str, str | None]:
    given = record.given
    return {
        "source_system": record.local.source_system,
        "local_id": record.local.local_id,
        "name": given.name,
        "gender": given.gender,
        "birth_date": given.birth_date,
        "id_type": given.id_type,
        "id_number": given.id_number,
    }


async def _export(file: Path, source_system: str | None) -> int:
    """Written beside the file and renamed into place: a broken export never looks whole."""
    partial = file.with_name(file.name + ".part")
    count = 0
    async with open_ground(read_settings()) as ground:
        with partial.open("w", encoding="utf-8") as out:
            async for reference in exporting_cross_references(ground)(OPERATOR.client_id, source_system):
                row = {
                    "source_system": reference.local.source_system,
                    "local_id": reference.local.local_id,
                    "customer_id": reference.customer_id,
                }
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
    partial.replace(file)
    return count
