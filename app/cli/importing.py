"""`cdc import`."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.bootstrap import operator_services
from app.cli.failures import explained, fail
from app.cli.rows import SourceFile
from app.services.import_source_records import Reject
from app.services.register_customer import OPERATOR
from app.services.source_rows import DamagedFile
from app.settings import read_settings


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="NDJSON or CSV, plain or .gz.")],
    source_system: Annotated[
        str | None, typer.Option(help="For rows that name no source_system of their own.")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Where rejected rows are named. Default: FILE.rejects.ndjson, here.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="auto: UTF-8, or GB 18030 where it is not UTF-8.")] = "auto",
) -> None:
    """Register every row of a file. Running it again changes nothing; a bad row never sinks the file."""
    target = rejects or Path(f"{file.name}.rejects.ndjson")
    counts: Counter[str] = Counter()
    damaged = None
    target.unlink(missing_ok=True)
    with explained():
        try:
            asyncio.run(_import(SourceFile(file, encoding), source_system, target, counts))
        except DamagedFile as wrong:
            damaged = str(wrong)
        except LookupError:
            raise fail(f"unknown encoding {encoding}") from None
    _report(counts, target)
    if damaged:
        raise fail(f"{file.name}: {damaged}; the rows before are stored")


async def _import(source: SourceFile, system: str | None, target: Path, counts: "Counter[str]") -> None:
    async with operator_services(read_settings()) as services:
        with _progress() as bar:
            task = bar.add_task(source.path.name, total=source.size, rows=0)
            async for done in services.import_source_records(source.rows(), system, OPERATOR):
                counts.update(done.outcomes)
                counts["rejected"] += len({reject.line for reject in done.rejects})
                counts["rows"] += done.rows
                _write_rejects(target, done.rejects)
                bar.update(task, completed=source.position(), rows=counts["rows"])
            bar.update(task, completed=source.size)


def _write_rejects(target: Path, rejects: tuple[Reject, ...]) -> None:
    if not rejects:
        return
    with target.open("a", encoding="utf-8") as out:
        for reject in rejects:
            row = {
                "line": reject.line,
                "field": reject.field,
                "code": reject.code,
                "reason": reject.reason,
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[rows]} rows"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True))


def _report(counts: "Counter[str]", target: Path) -> None:
    order = ("rows", "created", "linked", "review", "unchanged", "rejected")
    typer.echo("  ".join(f"{name} {counts[name]}" for name in order))
    if counts["rejected"]:
        typer.echo(f"rejected rows are named in {target}")
