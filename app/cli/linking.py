"""`cdc link`."""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.adapters.reference.model import read_model_document
from app.cli.extra import installed_extra
from app.cli.failures import explained, fail
from app.cli.offline import Offline, offline
from app.cli.rows import SourceFile
from app.core.identity.failure import InvalidElement, InvalidElements
from app.services.read_row import read_row
from app.services.unpacking import DamagedFile
from app.settings import read_settings

if TYPE_CHECKING:
    from app.adapters.linkage.engine import EngineMaker
    from app.adapters.linkage.link import Linked
    from app.adapters.linkage.people import Person

REJECTS = "rejects.ndjson"
_MOST_FILES = 2


class EngineName(StrEnum):
    """Where Splink works."""

    DUCKDB = "duckdb"
    SPARK = "spark"


def link(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="NDJSON, CSV; .gz.")],
    output: Annotated[Path, typer.Option(help="A folder: pairs.ndjson, clusters.ndjson, rejects.ndjson.")],
    engine: Annotated[EngineName, typer.Option(help="spark needs Java.")] = EngineName.DUCKDB,
    model: Annotated[Path | None, typer.Option(exists=True, help="Instead of the model in force.")] = None,
    memory: Annotated[str, typer.Option(help="Most memory of the engine; it spills to disk beyond.")] = "4GB",
) -> None:
    """Find who is who within one file, or between two, with the model that matches online."""
    if len(files) > _MOST_FILES:
        raise fail("give one file to find its duplicates, or two to link")
    with explained(), installed_extra():
        settings = read_settings()
        model_file = model or settings.model_file
        matching = offline(model_file, settings.timezone)
        from app.adapters.linkage.link import LinkJob, link_files

        job = LinkJob(
            document=read_model_document(model_file),
            tables=matching.tables,
            understand=matching.understand,
            engine=_engine(engine),
            bucket_limit=settings.bucket_limit,
            memory=memory,
            across=len(files) == _MOST_FILES,
        )
        output.mkdir(parents=True, exist_ok=True)
        people = _People(files, matching, output / REJECTS)
        console = Console(stderr=True)
        with console.status("starting") as status:
            try:
                done = link_files(job, people, output, status.update)
            except DamagedFile as wrong:
                raise fail(str(wrong)) from None
        _report(done, people.rejected, output)


def _engine(name: EngineName) -> "EngineMaker":
    if name is EngineName.SPARK:
        from app.adapters.linkage.spark_engine import SparkEngine

        return SparkEngine
    from app.adapters.linkage.duckdb_engine import DuckDBEngine

    return DuckDBEngine


class _People:
    """The rows that can be read, one by one; the others are named in a file, without their values."""

    def __init__(self, files: list[Path], matching: Offline, rejects: Path) -> None:
        self.rejected = 0
        self._files = files
        self._matching = matching
        self._rejects = rejects

    def __iter__(self) -> "Iterator[Person]":
        self._rejects.unlink(missing_ok=True)
        for number, file in enumerate(self._files):
            for line, row in SourceFile(file).rows():
                try:
                    yield self._person(number, file, line, row)
                except InvalidElements as wrong:
                    self._reject(file, line, wrong)

    def _person(
        self, number: int, file: Path, line: int, row: Mapping[str, object] | InvalidElement
    ) -> "Person":
        from app.adapters.linkage.people import Person

        if isinstance(row, InvalidElement):
            raise InvalidElements((row,))
        named = row if row.get("local_id") is not None else {**row, "local_id": str(line)}
        read = read_row(named, file.name.split(".")[0], self._matching.basic_data)
        self._matching.understand(read.given)
        return Person(number, read.local.source_system, read.local.local_id, read.given)

    def _reject(self, file: Path, line: int, wrong: InvalidElements) -> None:
        self.rejected += 1
        with self._rejects.open("a", encoding="utf-8") as out:
            for failure in wrong.failures:
                row = {"file": file.name, "line": line, "field": failure.field, "code": failure.code}
                out.write(json.dumps({**row, "reason": failure.expected}, ensure_ascii=False) + "\n")


def _report(done: "Linked", rejected: int, output: Path) -> None:
    pairs = "  ".join(f"{name} {done.pairs.get(name, 0)}" for name in ("match", "review", "no_match"))
    typer.echo(f"people {done.people}  rejected {rejected}  pairs: {pairs}  clusters {done.clusters}")
    for cut in done.cut:
        typer.echo(f"cut: {cut.keys} keys of {cut.rule} are shared by too many records (up to {cut.largest})")
    typer.echo(f"written to {output}")
