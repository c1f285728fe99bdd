"""`cdc import`."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.bootstrap.collector import calm_collector
from app.bootstrap.ground import open_ground
from app.bootstrap.index import importing
from app.cli.failures import explained, fail
from app.cli.rows import SourceFile
from app.services.encodings import ENCODINGS, known_encoding
from app.services.prepare import Reject
from app.services.register_customer import OPERATOR
from app.settings import Settings, read_settings

PARTIAL = ".part"
_OBJECTS_OF_BATCHES = 200_000


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="NDJSON or CSV, plain or .gz.")],
    source_system: Annotated[
        str | None, typer.Option(help="For rows that name no source_system of their own.")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Where rejected rows are named. Default: FILE.rejects.ndjson, here.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, max=64, help="Processes that prepare rows. Default: CDC_IMPORT_WORKERS."),
    ] = None,
    encoding: Annotated[str, typer.Option(help="auto: UTF-8, or GB 18030 where it is not UTF-8.")] = "auto",
) -> None:
    """Register every row of a file. Running it again changes nothing; a bad row never sinks the file."""
    target = rejects or Path(f"{file.name}.rejects.ndjson")
    with explained():
        settings = read_settings()
        if workers is not None:
            settings = replace(settings, import_workers=workers)
        source = SourceFile(file, _encoding(encoding))
        counts: Counter[str] = Counter()
        with _rejects_file(target, file) as out:
            asyncio.run(_import(settings, source, source_system, out, counts))
    _report(counts, target)
    if source.damage:
        raise fail(f"{file.name}: {source.damage}; the rows before are stored")


def _encoding(name: str) -> str:
    try:
        return name if name == "auto" else known_encoding(name)
    except LookupError:
        raise fail(f"--encoding must be auto or one of {', '.join(ENCODINGS)}") from None


@contextmanager
def _rejects_file(target: Path, source: Path) -> Iterator[TextIO]:
    """Written beside `target` and renamed into place at the end, also of an import that fails half-way.

    A place that cannot be written is said before anything starts.
    """
    _refuse_place(target, source)
    partial = target.with_name(f"{target.name}{PARTIAL}")
    _refuse_place(partial, source)
    with partial.open("w", encoding="utf-8") as out:
        try:
            yield out
        finally:
            out.flush()
            _put_in_place(partial, target)


def _refuse_place(place: Path, source: Path) -> None:
    if place.exists() and not place.is_file():
        raise fail(f"--rejects: {place} is not a file")
    if place.exists() and place.samefile(source):
        raise fail(f"--rejects: {place} is the file to import")


def _put_in_place(partial: Path, target: Path) -> None:
    """No rejected row, no file: one of an earlier run would be taken for this one's."""
    if partial.stat().st_size:
        partial.replace(target)
        return
    partial.unlink()
    target.unlink(missing_ok=True)


async def _import(
    settings: Settings, source: SourceFile, system: str | None, out: TextIO, counts: "Counter[str]"
) -> None:
    async with open_ground(settings) as ground:
        calm_collector(_OBJECTS_OF_BATCHES)
        with _progress() as bar:
            task = bar.add_task(source.path.name, total=source.size, rows=0)
            async for done in importing(ground)(source.sound_rows(), system, OPERATOR):
                counts.update(done.outcomes)
                counts["rejected"] += len({reject.line for reject in done.rejects})
                counts["rows"] += done.rows
                _write_rejects(out, done.rejects)
                bar.update(task, completed=source.position(), rows=counts["rows"])
            bar.update(task, completed=source.size)


def _write_rejects(out: TextIO, rejects: tuple[Reject, ...]) -> None:
    for reject in rejects:
        row = {"line": reject.line, "field": reject.field, "code": reject.code, "reason": reject.reason}
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    out.flush()


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
