"""`cdc audit`: the access log for an auditor."""

import asyncio
import gzip
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from app.adapters.db import partitions
from app.bootstrap.ground import log_keys, open_ground
from app.bootstrap.log import exporting_log, retaining_log
from app.cli.failures import explained, fail
from app.cli.report import report as report_access
from app.core.audit.log import SealedEvent, SignedHead
from app.log_verifier.export_file import verify_file
from app.log_verifier.note import NotVerified, read_key
from app.log_verifier.verify import FORMAT, Report, Verification
from app.services.export_log import Begin, Part
from app.services.register_customer import OPERATOR
from app.services.retain_log import Retention
from app.settings import read_settings

app = typer.Typer(help="The access log: verify it, hand it to an auditor.", no_args_is_help=True)
app.command("report")(report_access)

EXPORT = typer.Argument(help="An export to verify; without it the log of this installation.", dir_okay=False)
KEY = typer.Option(
    "--key", help="Public key as cdc audit key prints it, or a file that holds it. Repeatable."
)
OUTSIDE = typer.Option(
    "--checkpoint", help="A checkpoint that was kept elsewhere. Repeatable.", dir_okay=False
)


@app.command("key")
def key() -> None:
    """Print the public key of the checkpoints (C2SP vkey), the active one first."""
    with explained():
        for line in log_keys(read_settings()):
            typer.echo(line)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="NDJSON file to write; gzip where it ends in .gz.")],
    since: Annotated[
        datetime | None, typer.Option("--from", help="From the checkpoint before this time on.")
    ] = None,
    until: Annotated[datetime | None, typer.Option("--to", help="To the checkpoint after this time.")] = None,
) -> None:
    """Write the sealed log: stored events, leaf hashes and checkpoints. Times are UTC."""
    with explained():
        count = asyncio.run(_export(file, _utc(since), _utc(until)))
    typer.echo(f"{count} events written to {file}")


@app.command("verify")
def verify(
    file: Annotated[Path | None, EXPORT] = None,
    keys: Annotated[list[str] | None, KEY] = None,
    outside: Annotated[list[Path] | None, OUTSIDE] = None,
) -> None:
    """Verify the log; exit status 0 where it is whole, 1 where it is not. An export needs no database."""
    with explained():
        try:
            notes = [path.read_text("utf-8") for path in outside or ()]
            report = _verify_export(file, keys, notes) if file else asyncio.run(_verify_here(keys, notes))
        except (NotVerified, UnicodeDecodeError) as found:
            raise fail(str(found)) from None
    if report.failure is not None:
        raise fail(f"the log does not hold: {report.failure}")
    typer.echo(
        f"verified: {report.events} events under {report.checkpoints} checkpoints;"
        f" {report.size} leaves, root {b64encode(report.root).decode()}"
    )
    if report.dropped and report.retained_from is not None:
        typer.echo(
            f"{report.dropped} events from before {report.retained_from:%Y-%m-%d} were dropped when their"
            " retention ended, as the log itself says: their leaves alone are proved"
        )


@app.command("partition")
def partition(
    months: Annotated[
        int, typer.Option(min=1, max=120, help="Months ahead to have partitions for.")
    ] = partitions.MONTHS_AHEAD,
) -> None:
    """Make the log's partitions for the months to come (PostgreSQL; as the owner)."""
    with explained():
        made = partitions.extend(read_settings().database_url, months)
    typer.echo(f"{made} partitions made")


@app.command("retain")
def retain(
    months: Annotated[int, typer.Option(help="Whole months to keep beside the present one; at least 6.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and drop nothing.")] = False,
) -> None:
    """Drop the events of older months; their leaves stay, and the log says so. For the database's owner."""
    with explained():
        partitions.extend(read_settings().database_url)
        done = asyncio.run(_retain(months, dry_run=dry_run))
    verb = "would be dropped" if dry_run else "dropped"
    typer.echo(f"{done.events} events from before {done.before:%Y-%m-%d} {verb}")


async def _retain(months: int, *, dry_run: bool) -> Retention:
    async with open_ground(read_settings()) as ground:
        return await retaining_log(ground)(months, dry_run=dry_run)


def _verify_export(file: Path, keys: list[str] | None, notes: list[str]) -> Report:
    if not keys:
        raise NotVerified("name the log's public key with --key; cdc audit key prints it")
    return verify_file(file, [read_key(_text(key)) for key in keys], notes)


async def _verify_here(keys: list[str] | None, notes: list[str]) -> Report:
    """The checkpoint file that the service leaves counts as one from outside."""
    settings = read_settings()
    if settings.checkpoint_file.exists():
        notes = [*notes, settings.checkpoint_file.read_text("utf-8")]
    known = [_text(key) for key in keys] if keys else log_keys(settings)
    verification = Verification([read_key(key) for key in known], notes)
    async with open_ground(settings) as ground:
        log = exporting_log(ground)
        async for record in _records(log()):
            verification.take(record)
            if verification.failure is not None:
                break
        report = verification.finish()
        await log.checked(OPERATOR.client_id, report.size, sound=report.failure is None)
        unsealed = await log.unsealed()
    if unsealed:
        typer.echo(f"cdc: {unsealed} events of more than 10 minutes ago are not sealed yet", err=True)
    return report


async def _export(file: Path, since: datetime | None, until: datetime | None) -> int:
    """Written beside the file and renamed into place: a broken export never looks whole."""
    partial = file.with_name(file.name + ".part")
    async with open_ground(read_settings()) as ground:
        log = exporting_log(ground)
        await log.record(OPERATOR.client_id)
        with _opened(partial, file.suffix == ".gz") as out:
            count = await _write(out, _records(log(since, until)))
    partial.replace(file)
    return count


async def _write(out: IO[str], records: AsyncIterator[dict[str, Any]]) -> int:
    count = 0
    async for record in records:
        out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
        count += record["type"] == "leaf"
    return count


async def _records(parts: AsyncIterator[Part]) -> AsyncIterator[dict[str, Any]]:
    """The records of the export's format, which docs/audit.md describes."""
    async for part in parts:
        match part:
            case Begin(edge):
                yield {
                    "type": "log",
                    "format": FORMAT,
                    "size": edge.size,
                    "edge": [b64encode(peak).decode() for peak in edge.peaks],
                }
            case SignedHead(note=note):
                yield {"type": "checkpoint", "note": note}
            case SealedEvent(leaf, form):
                yield {
                    "type": "leaf",
                    "index": leaf.index,
                    "event_id": str(leaf.event_id),
                    "hash": b64encode(leaf.hash).decode(),
                    "event": form,
                }


def _opened(path: Path, compressed: bool) -> IO[str]:
    if compressed:
        return gzip.open(path, "wt", encoding="utf-8", compresslevel=6)
    return path.open("w", encoding="utf-8")


def _text(given: str) -> str:
    """A key, or the file that holds it."""
    return given if "+" in given else Path(given).read_text("utf-8").strip()


def _utc(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=UTC) if given else None
