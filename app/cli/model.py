"""`cdc model`."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.adapters.reference.model import read_model_document
from app.bootstrap.ground import open_ground
from app.bootstrap.index import learning_frequencies
from app.cli.extra import installed_extra
from app.cli.failures import explained, fail
from app.cli.labelled_sets import UnusableSet, read_folder
from app.cli.offline import Offline, offline
from app.cli.waterfall import waterfall
from app.core.identity.elements import GivenElements
from app.core.identity.failure import InvalidElements
from app.core.matching.comparison import Element
from app.core.matching.doubt import doubts
from app.core.matching.frequencies import NameCounts, with_frequencies
from app.core.matching.model import Model
from app.core.matching.score import explain, score_pair
from app.core.matching.veto import vetoes
from app.services.read_row import ELEMENTS
from app.services.register_customer import OPERATOR
from app.services.unpacking import DamagedFile
from app.settings import Settings, read_settings

if TYPE_CHECKING:
    from app.adapters.linkage.people import Person

app = typer.Typer(help="The model: what agreement is worth.", no_args_is_help=True)

ModelFile = Annotated[
    Path | None, typer.Option("--model", exists=True, help="Instead of the model in force.")
]


@app.command()
def train(
    labelled_set: Annotated[
        Path,
        typer.Argument(metavar="SET", exists=True, file_okay=False, help="A folder, as for evaluate."),
    ],
    output: Annotated[Path, typer.Option(help="Where the new model goes.")] = Path("model.json"),
    model: ModelFile = None,
    pairs: Annotated[int, typer.Option(min=10_000, help="Pairs of strangers to compare.")] = 2_000_000,
    seed: Annotated[int, typer.Option(help="The same seed and set give the same model.")] = 1,
    memory: Annotated[str, typer.Option(help="Most memory of the engine.")] = "4GB",
) -> None:
    """Learn u from a set's customers and m from those records that are plainly of one person, with Splink."""
    with explained(), installed_extra():
        settings = read_settings()
        matching = offline(model or settings.model_file, settings.timezone)
        from app.adapters.linkage.duckdb_engine import DuckDBEngine
        from app.adapters.linkage.training import TrainingJob, train

        job = TrainingJob(
            document=read_model_document(model or settings.model_file),
            tables=matching.tables,
            understand=matching.understand,
            engine=DuckDBEngine,
            memory=memory,
            pairs=pairs,
            seed=seed,
        )
        with Console(stderr=True).status("starting") as status:
            try:
                done = train(job, _people(labelled_set, matching), status.update)
            except (UnusableSet, DamagedFile) as wrong:
                raise fail(str(wrong)) from None
        output.write_text(_formatted(done.document), "utf-8")
    typer.echo(f"people {done.people}  probabilities learned {len(done.learned)}: {', '.join(done.learned)}")
    typer.echo(f"model {done.document['version']} written to {output}")


@app.command()
def frequencies(
    output: Annotated[Path, typer.Option(help="Where the new model goes.")] = Path("model.json"),
    model: ModelFile = None,
) -> None:
    """Learn how common names are among this center's own customers; the rest of the model stays as it is."""
    with explained():
        settings = read_settings()
        document = read_model_document(model or settings.model_file)
        counts = asyncio.run(_count(settings))
        new = with_frequencies(document, counts)
        output.write_text(_formatted(new), "utf-8")
    terms = {**new["term_frequencies"]["surname"], **new["term_frequencies"]["given"]}
    typer.echo(f"people {counts.people}  names told {len(terms)}")
    typer.echo(f"model {new['version']} written to {output}")


async def _count(settings: Settings) -> NameCounts:
    async with open_ground(settings) as ground:
        learn = learning_frequencies(ground)
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("reading names", total=await learn.records())
            return await learn(OPERATOR.client_id, lambda read: bar.advance(task, read))


def _people(folder: Path, matching: Offline) -> "Iterator[Person]":
    """Customers, all different, then second records; what cannot be read is left out."""
    from app.adapters.linkage.people import Person
    from app.adapters.linkage.training import DISTINCT, OTHERS

    labelled = read_folder(folder)
    for dataset, records in ((DISTINCT, labelled.people), (OTHERS, labelled.second_records)):
        for number, record in enumerate(records):
            try:
                matching.understand(record.given)
            except InvalidElements:
                continue
            yield Person(dataset, "training", str(number), record.given)


def _formatted(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


@app.command()
def show(
    pair: Annotated[
        Path | None,
        typer.Option(help="Two people, one JSON object a line; - is standard input."),
    ] = None,
    model: ModelFile = None,
) -> None:
    """Print what each level is worth, or how a pair's weight adds up."""
    with explained():
        settings = read_settings()
        matching = offline(model or settings.model_file, settings.timezone)
        console = Console()
        if pair is None:
            console.print(_levels(matching.model))
            return
        _show_pair(console, matching, *_read_pair(pair))


def _levels(model: Model) -> Table:
    table = Table("element", "level", "m", "u", "weight", "of", box=None, title=f"model {model.version}")
    for element in Element:
        for name, level in model.levels(element).items():
            term = f"frequency of the {level.term}" if level.term else ""
            table.add_row(element, name, f"{level.m:.6g}", f"{level.u:.3g}", f"{level.weight:+.1f}", term)
    table.add_row("prior", "", "", "", f"{model.prior:+.1f}", "")
    return table


def _read_pair(file: Path) -> tuple[GivenElements, GivenElements]:
    text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    try:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        left, right = (GivenElements(*(row.get(field) for field in ELEMENTS)) for row in rows)
    except (ValueError, AttributeError):
        raise fail(f"--pair: two lines, each one JSON object with {', '.join(ELEMENTS)}") from None
    return left, right


def _show_pair(console: Console, matching: Offline, left: GivenElements, right: GivenElements) -> None:
    try:
        a, b = matching.understand(left), matching.understand(right)
    except InvalidElements as wrong:
        raise fail("; ".join(f"{f.field} {f.expected}" for f in wrong.failures)) from None
    pair = score_pair(a, b, matching.model, matching.tables)
    console.print(waterfall(matching.model.prior, explain(a, b, pair, matching.model)))
    console.print(f"vetoes: {', '.join(vetoes(a, b, pair.comparisons)) or 'none'}")
    console.print(f"doubts: {', '.join(doubts(a, b, pair.comparisons)) or 'none'}")
