"""`cdc evaluate`."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from app.cli.evaluation_report import figures, html, kind_table, reliability_table
from app.cli.failures import explained, fail
from app.cli.labelled_sets import UnusableSet, count_rows, parse_column_map, read_csv, read_folder
from app.cli.offline import offline
from app.core.matching.evaluation import quality
from app.services.evaluate_set import EvaluateSet, Evaluation, LabelledSet
from app.services.unpacking import DamagedFile
from app.settings import read_settings


def evaluate(
    labelled_set: Annotated[Path, typer.Argument(metavar="SET", exists=True, help="A folder or a CSV file.")],
    html_file: Annotated[Path | None, typer.Option("--html", help="Report with the worst errors.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="All figures.")] = None,
    column_map: Annotated[
        str | None,
        typer.Option("--map", help="For a CSV: where each field stands, or a file that says so."),
    ] = None,
    model: Annotated[Path | None, typer.Option(exists=True, help="Instead of the model in force.")] = None,
) -> None:
    """Register a labelled set in memory, ask its probes, and say how good the answers are."""
    with explained():
        settings = read_settings()
        matching = offline(model or settings.model_file, settings.timezone)
        try:
            rows, total = _read(labelled_set, column_map)
            done = _evaluate(EvaluateSet(matching.resolver, settings.bucket_limit), rows, total)
        except (UnusableSet, DamagedFile) as wrong:
            raise fail(str(wrong)) from None
        _show(done)
        version = matching.model.version
        if json_file:
            json_file.write_text(json.dumps(figures(done, version), ensure_ascii=False, indent=1), "utf-8")
        if html_file:
            _write_private(html_file, html(done, version, matching.model.prior))


def _read(source: Path, column_map: str | None) -> tuple[LabelledSet, int | None]:
    if source.is_dir():
        return read_folder(source), count_rows(source)
    if column_map is None:
        raise UnusableSet("a CSV file needs --map, which tells where each field stands")
    text = Path(column_map).read_text("utf-8") if "=" not in column_map else column_map
    return read_csv(source, parse_column_map(text)), None


def _evaluate(use_case: EvaluateSet, labelled: LabelledSet, total: int | None) -> Evaluation:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("evaluating", total=total)
        return use_case(labelled, lambda: bar.advance(task))


def _show(done: Evaluation) -> None:
    console = Console()
    console.print(kind_table(done))
    console.print()
    console.print(reliability_table(done))
    made, found = done.registration, quality(done.judgements)
    second = "  ".join(f"{expect} {share:.4f}" for expect, share in made.second_linked.items())
    console.print(
        f"\npeople {made.people}  refused {made.rejected}  false merges {made.false_merges}  "
        f"linked to a stranger {made.linked_to_a_stranger}  second records linked: {second or '–'}"
    )
    values = (("precision", found.precision), ("recall", found.recall), ("F1", found.f1))
    console.print("  ".join(f"{name} {'–' if value is None else f'{value:.4f}'}" for name, value in values))


def _write_private(file: Path, text: str) -> None:
    """The worst errors are told with people's elements: only the owner may read them."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
